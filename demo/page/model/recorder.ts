import type { AxiosError } from 'axios'
import { isAuthError } from '../../../src/index.js'
import type { SideName } from '../../backend/side-names.js'
import { realNow } from '../clock.js'
import type { Wire } from '../wire.js'
import type { Exchange } from './exchange.js'
import { isOver, type Lane, noAnswer, type StepKind } from './lane.js'

/** Turns what goes over the wire into lanes: of both kinds of client alike, by what they do and not by what they say. */
export interface Recorder {
  /** Notes an API call from the moment it is made until it has settled. */
  track<T>(side: SideName, call: (path: string) => Promise<T>, what?: 'items' | 'pictures'): Promise<T | null>
  /** The session emitted that it holds a call; it counts only where the call has not been sent yet. */
  noteHeld(side: SideName, url: string): void
  /** How long nothing has happened to the calls and refreshes of a side. */
  quietForMs(side: SideName): number
  /** Draws a line under calls that nobody waits for any longer. */
  giveUp(side: SideName): void
}

/** The way in, the way out and the demo's own: neither a call nor a refresh. */
const otherPaths = /^(auth\/(login|logout|expire)|oauth\/revoke|token\/blacklist\/|api\/token\/revoke)$/

export function createRecorder(tab: string, wire: Wire, onChange: (lane: Lane) => void): Recorder {
  const lanes = new Map<string, Lane>()
  const openRefreshes = new Map<string, Lane>()
  const held = new WeakSet<Lane>()
  const lastStepAt = new Map<SideName, number>()
  let lastNumber = 0

  function add(lane: Lane, kind: StepKind, at: number): void {
    lane.steps.push({ kind, at })
    lastStepAt.set(lane.side, realNow())
    onChange(lane)
  }

  function create(side: SideName, kind: Lane['kind'], title: string): Lane {
    const number = ++lastNumber
    return {
      id: `${tab}${number}`,
      tab,
      side,
      kind,
      number,
      title,
      steps: [],
      exchanges: [],
      errorCode: null,
    }
  }

  function noteCall(lane: Lane, exchange: Exchange): void {
    const { reply, sentAt, endedAt } = exchange
    if (isOver(lane)) return
    if (endedAt !== null) {
      // 403 is how some servers say it; the API of the demo forbids nothing else.
      if (reply?.status !== 401 && reply?.status !== 403) return
      lane.steps.push({ kind: 'refused', at: endedAt })
      add(lane, 'held', endedAt)
      return
    }
    lane.exchanges.push(exchange)
    const isFirst = lane.exchanges.length === 1
    // Until the session said that it holds the call, the time before was the client's own work.
    if (isFirst && !held.has(lane)) lane.steps.length = 0
    add(lane, isFirst ? 'sent' : 'sent-again', sentAt)
  }

  function noteRefresh(exchange: Exchange): void {
    const { id, side, request, reply, sentAt, endedAt } = exchange
    if (endedAt === null) {
      const lane = create(side, 'refresh', request.line)
      lane.exchanges.push(exchange)
      openRefreshes.set(id, lane)
      add(lane, 'sent', sentAt)
      return
    }
    const lane = openRefreshes.get(id)
    if (!lane) return
    openRefreshes.delete(id)
    const isGood = reply !== null && reply.status < 300 && bringsToken(reply)
    lane.errorCode = isGood ? null : codeOfExchange(exchange)
    add(lane, isGood ? 'answered' : 'failed', endedAt)
  }

  wire.listen((exchange) => {
    const { side, path } = exchange
    const lane = lanes.get(`${side}/${path}`)
    if (lane) noteCall(lane, exchange)
    else if (!otherPaths.test(path)) noteRefresh(exchange)
  })

  function fail(lane: Lane, code: string): void {
    if (isOver(lane)) return
    lane.errorCode = code
    add(lane, 'failed', realNow())
  }

  return {
    async track(side, call, what = 'items') {
      const lane = create(side, 'call', '')
      const path = `${what}/${lane.number}`
      lane.title = `GET /${path}`
      lanes.set(`${side}/${path}`, lane)
      add(lane, 'held', realNow())
      try {
        const answer = await call(path)
        if (!isOver(lane)) add(lane, 'answered', realNow())
        return answer
      } catch (error) {
        fail(lane, codeOf(error))
        return null
      } finally {
        lanes.delete(`${side}/${path}`)
      }
    },

    noteHeld(side, url) {
      const lane = lanes.get(`${side}/${/\w+\/\d+$/.exec(url)?.[0]}`)
      if (lane) held.add(lane)
    },

    quietForMs: (side) => realNow() - (lastStepAt.get(side) ?? 0),

    giveUp(side) {
      for (const lane of lanes.values()) if (lane.side === side) fail(lane, noAnswer)
    },
  }
}

function codeOfExchange({ reply, isCalledOff }: Exchange): string {
  if (isCalledOff) return 'ABORTED'
  if (!reply) return 'ERR_NETWORK'
  return reply.status < 300 ? `HTTP ${reply.status} (NO_TOKEN)` : `HTTP ${reply.status}`
}

/** A page of HTML or an empty body may well have the status 200. */
function bringsToken({ headers, body }: NonNullable<Exchange['reply']>): boolean {
  return /"access(_?token)?"/i.test(body) || headers.some(([name]) => name === 'Authorization')
}

/** What the caller got: the API's status where there was one, and what the session says to it. */
function codeOf(error: unknown): string {
  const { code, response, cause } = error as AxiosError
  const own = isAuthError(cause) ? cause.code : code
  return response ? `HTTP ${response.status} (${own})` : (own ?? 'an unknown error')
}
