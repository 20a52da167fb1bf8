import { isObject } from '../core/own-fields.js'
import type { TokenVersion } from '../core/tokens.js'

/** Version of the messages' shape: another version's are ignored. */
const version = 1

/** How often a worker says that it is at work, and after how long without a word it is passed over. */
export const aliveMs = 300
export const silentMs = 1000

/** What a worker answers: that it is at work, that the store says the rest, or how the refresh failed. */
export type RefreshAnswer =
  | { type: 'alive' }
  | { type: 'done' }
  | { type: 'failed'; code: string; message: string; status: number | undefined }

export const askForRefresh = ({ session, generation }: TokenVersion): unknown => ({
  latchkey: 'refresh',
  v: version,
  session,
  generation,
})

/** Every script of the origin can post to a worker: what is not one of our messages is ignored. */
export function readAsked(data: unknown): TokenVersion | undefined {
  if (!isObject(data)) return undefined
  const { latchkey, v, session, generation } = data as Record<string, unknown>
  return latchkey === 'refresh' &&
    v === version &&
    typeof session === 'string' &&
    typeof generation === 'number'
    ? { session, generation }
    : undefined
}
