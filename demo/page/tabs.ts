import type { ComparedSide } from '../backend/side-names.js'
import type { Lane } from './model/lane.js'
import type { LogEntry } from './model/log-entry.js'
import type { Moment } from './model/run.js'

/** What the demo's tabs tell each other. Tokens are shortened long before. */
export type TabNews =
  | { type: 'lanes'; lanes: Lane[] }
  | { type: 'moment'; moment: Moment }
  | { type: 'log'; entry: LogEntry }
  /** Every tab is to make its calls now, and to say when they have settled. */
  | { type: 'burst'; run: string; side: ComparedSide; calls: number }
  | { type: 'settled'; run: string; side: ComparedSide; tab: string }
  /** A hidden frame can play a tab's part from now on. */
  | { type: 'frame-ready'; tab: string }

export interface TabList {
  /** Letters of the tabs that are open. */
  open: string[]
  /** The tab that holds the session's lock at this moment. */
  holder: string | null
}

export interface Tabs {
  /** This tab's letter. */
  readonly own: string
  tell(news: TabNews): void
  /** Returns the removal. */
  listen(listener: (news: TabNews) => void): () => void
  list(): Promise<TabList>
  /** Does it unless another tab is at it, for all share one server. Says whether it was done. */
  takeTheStage(play: () => Promise<void>): Promise<boolean>
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const prefix = 'demo-tab-'
const stage = 'demo-stage'
/** A page that is being reloaded still holds its locks for a moment. */
const tries = 5
const tryEveryMs = 100

/**
 * Each tab holds a Web Lock with its letter for as long as it lives. So the browser itself keeps the list, and knows
 * which of them holds the lock of a session.
 *
 * @param isFrame the page is a hidden frame of another, and plays a second tab
 */
export async function joinTabs(
  locks: LockManager | undefined,
  sessionLock: string,
  isFrame = false,
): Promise<Tabs> {
  const channel = new BroadcastChannel('latchkey-demo')
  const own = (locks && (await takeLetter(locks, isFrame))) ?? (isFrame ? 'B' : 'A')
  // A frame has this storage in common with the page around it.
  if (!isFrame) sessionStorage.setItem(prefix, own)

  return {
    own,
    tell: (news) => channel.postMessage(news),
    listen(listener) {
      const hear = ({ data }: MessageEvent<TabNews>): void => listener(data)
      channel.addEventListener('message', hear)
      return () => channel.removeEventListener('message', hear)
    },
    async list() {
      const { held = [] } = (await locks?.query()) ?? {}
      const tabs = held.filter(({ name }) => name?.startsWith(prefix))
      const holding = held.find(({ name }) => name === sessionLock)
      const letterOf = (name = ''): string => name.slice(prefix.length)
      return {
        open: tabs.map(({ name }) => letterOf(name)).sort(),
        holder: letterOf(tabs.find(({ clientId }) => clientId === holding?.clientId)?.name) || null,
      }
    },

    async takeTheStage(play) {
      const letGo = locks ? await takeLockSoon(locks, stage) : (): void => {}
      if (!letGo) return false
      try {
        await play()
      } finally {
        letGo()
      }
      return true
    },
  }
}

async function takeLetter(locks: LockManager, isFrame: boolean): Promise<string | null> {
  const before = isFrame ? null : sessionStorage.getItem(prefix)
  if (before && (await takeLockSoon(locks, `${prefix}${before}`))) return before
  for (const letter of letters) if (await takeLock(locks, `${prefix}${letter}`)) return letter
  return null
}

type LetGo = () => void

/** By tries, and not by a time limit: on a slow machine a lock that is free may take its time as well. */
async function takeLockSoon(locks: LockManager, name: string): Promise<LetGo | null> {
  for (let left = tries; left > 0; left -= 1) {
    const letGo = await takeLock(locks, name)
    if (letGo) return letGo
    await new Promise((resolve) => setTimeout(resolve, tryEveryMs))
  }
  return null
}

/** Held until it is let go, or until the page goes. Resolves with the way to let go, or null where somebody holds it. */
function takeLock(locks: LockManager, name: string): Promise<LetGo | null> {
  return new Promise((resolve) => {
    const request = locks.request(
      name,
      { ifAvailable: true },
      (lock) => lock && new Promise<void>((letGo) => resolve(letGo)),
    )
    request.then(
      () => resolve(null),
      () => resolve(null),
    )
  })
}
