import type { Tabs } from '../tabs.js'
import type { Words } from '../words/words.js'
import { card, create, hint } from './element.js'

const lookEveryMs = 120

/** Which tabs there are, and which of them holds the session's lock. */
export function createTabCard(
  words: Words,
  tabs: Tabs,
  hasWebLocks: boolean,
  opener: HTMLElement,
): HTMLElement {
  const text = words.tabs
  const list = create('ul', { class: 'tabs', 'data-testid': 'tab-list' })
  const note = hint(hasWebLocks ? text.lock : text.noLocks)
  let shown = ''

  async function look(): Promise<void> {
    if (document.hidden) return
    const { open, holder } = await tabs.list()
    const key = `${open}${holder}`
    if (key === shown) return
    shown = key
    list.replaceChildren(
      ...open.map((letter) =>
        create(
          'li',
          { class: letter === holder ? 'holder' : '', 'data-tab': letter },
          create('strong', {}, text.tab(letter)),
          letter === tabs.own ? create('span', { class: 'badge' }, text.own) : null,
          letter === holder ? create('span', { class: 'badge lock' }, text.holds) : null,
        ),
      ),
    )
  }

  void look()
  setInterval(() => void look(), lookEveryMs)
  return card('tabs', text.title, hint(text.hint), list, note, create('p', { class: 'row' }, opener))
}
