import type { ComparedSide } from '../backend/side-names.js'
import { fireBurst } from './burst.js'
import type { Client } from './clients/client.js'
import type { LanePost } from './model/lane-post.js'
import type { Recorder } from './model/recorder.js'
import { pause } from './pause.js'
import type { TabNews, Tabs } from './tabs.js'
import type { Wire } from './wire.js'

/** A tab in the background may be slow; one that says nothing for so long is taken for gone. */
const patienceMs = 15_000

/** The other tabs of a scene. Where no other is open, a hidden frame of this page is the second one. */
export interface OtherTabs {
  /** Until there is at least one. */
  gather(): Promise<void>
  /** Lets each of them make its calls; resolves when all have settled. */
  fire(run: string, side: ComparedSide, calls: number): Promise<void>
  /** The frame is needed no longer. */
  dismiss(): void
}

export function createOtherTabs(tabs: Tabs, hash: string): OtherTabs {
  let frame: HTMLIFrameElement | null = null
  let letters: string[] = []

  /** Resolves when that many of those messages have come, or with the end of the patience. */
  async function hear(count: number, isIt: (news: TabNews) => boolean, say?: TabNews): Promise<TabNews[]> {
    const heard: TabNews[] = []
    const enough = new AbortController()
    const stop = tabs.listen((news) => {
      if (!isIt(news)) return
      heard.push(news)
      if (heard.length >= count) enough.abort()
    })
    if (say) tabs.tell(say)
    await pause(count === 0 ? 0 : patienceMs, enough.signal)
    stop()
    return heard
  }

  async function openFrame(): Promise<string[]> {
    const isReady = hear(1, ({ type }) => type === 'frame-ready')
    frame = document.createElement('iframe')
    frame.hidden = true
    // A frame whose address is that of its page but for the hash would not be loaded.
    frame.src = new URL(`./?tab=frame${hash}`, document.baseURI).href
    document.body.append(frame)
    const [ready] = await isReady
    if (ready?.type !== 'frame-ready') throw new Error('The second tab could not be opened')
    return [ready.tab]
  }

  return {
    async gather() {
      const { open } = await tabs.list()
      letters = open.filter((letter) => letter !== tabs.own)
      if (letters.length === 0) letters = await openFrame()
    },

    async fire(run, side, calls) {
      const isOurs = (news: TabNews): boolean =>
        news.type === 'settled' && news.run === run && news.side === side
      await hear(letters.length, isOurs, { type: 'burst', run, side, calls })
    },

    dismiss() {
      frame?.remove()
      frame = null
    },
  }
}

export interface TabPart {
  tabs: Tabs
  recorder: Recorder
  wire: Wire
  post: LanePost
  /** `null` where nobody is signed in. */
  clientOf(side: ComparedSide, run: string): Client | null
}

/** Plays this tab's part when another tab asks for it. */
export function playAlong({ tabs, recorder, wire, post, clientOf }: TabPart): void {
  tabs.listen(async (news) => {
    if (news.type !== 'burst') return
    const { run, side, calls } = news
    const client = clientOf(side, run)
    if (client) {
      await fireBurst(client, recorder, calls)
      if (side !== 'latchkey') wire.hangUp(side)
    }
    post.flush()
    tabs.tell({ type: 'settled', run, side, tab: tabs.own })
  })
}
