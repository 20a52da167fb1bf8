import key from '../key.svg'
import { type Language, languages } from '../link.js'
import type { Places } from '../places.js'
import { languageNames, type Words } from '../words/words.js'
import { create } from './element.js'

export function createMasthead(
  words: Words,
  language: Language,
  places: Places,
  onLanguage: (language: Language) => void,
): HTMLElement {
  const link = (name: keyof Places): HTMLAnchorElement =>
    create('a', { href: places[name], 'data-testid': `place-${name}` }, words.places[name])
  return create(
    'header',
    { class: 'masthead' },
    create(
      'p',
      { class: 'brand' },
      create('img', { src: key, alt: '', width: 28, height: 28 }),
      create('span', {}, 'Latchkey'),
      create('code', { class: 'install' }, 'npm install latchkey'),
    ),
    create(
      'nav',
      { class: 'places', 'aria-label': words.places.title },
      link('docs'),
      link('package'),
      link('source'),
    ),
    create(
      'nav',
      { class: 'segments', 'aria-label': 'Language, 언어' },
      ...languages.map((each) => {
        const link = create(
          'a',
          {
            href: `#lang=${each}`,
            lang: each,
            'aria-current': each === language ? 'true' : null,
            'data-testid': `lang-${each}`,
          },
          languageNames[each],
        )
        link.addEventListener('click', (event) => {
          event.preventDefault()
          onLanguage(each)
        })
        return link
      }),
    ),
  )
}

export function createTabOpener(words: Words, href: string): HTMLAnchorElement {
  const attributes = {
    class: 'button',
    href,
    target: '_blank',
    rel: 'noopener',
    'data-testid': 'another-tab',
  }
  return create(
    'a',
    attributes,
    words.anotherTab,
    ' ',
    create('span', { 'aria-hidden': 'true' }, '↗'),
    create('span', { class: 'visually-hidden' }, ` (${words.opensNewTab})`),
  )
}

/** Moves the focus by itself: what stands after the `#` says how the page is, and is to stay. */
export function createSkipLink(words: Words, target: HTMLElement): HTMLAnchorElement {
  const link = create('a', { class: 'skip', href: `#${target.id}` }, words.skip)
  link.addEventListener('click', (event) => {
    event.preventDefault()
    target.focus()
  })
  return link
}
