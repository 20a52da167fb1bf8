import type { SideName } from '../../backend/side-names.js'
import { scenarios } from '../scenarios.js'
import type { Words } from '../words/words.js'
import { hasFailed, hasStep, type Lane, noAnswer, pageGone } from './lane.js'
import type { Run } from './run.js'

/** What came of it for one kind of client, at a glance. */
export interface Verdict {
  side: SideName
  tone: 'good' | 'bad' | 'none'
  /** Whether the user is still signed in. */
  standing: string
  calls: string
  /** What the rest does not say. */
  remark: string
}

interface Figures {
  isIn: boolean
  total: number
  answered: number
  failed: number
  waiting: number
  refreshes: number
}

/** Of each client that takes part, in all tabs, while it runs as well. */
export function judge(run: Run, lanes: readonly Lane[], { verdict }: Words): Verdict[] {
  return run.sides.map((side) => {
    const figures = figuresOf(run, side, lanes)
    const { isIn, total, answered, failed, waiting, refreshes } = figures
    const { isLeave, isOfPictures, group } = scenarios[run.scenario]
    const counted = [verdict.refreshes(refreshes)]
    const settled = isOfPictures
      ? verdict.pictures(answered, total)
      : verdict.calls(answered, total, failed, waiting)
    if (total > 0) counted.unshift(settled)
    const standing = run.standings[side]
    if (!standing) {
      const isOver = run.endedAt !== null
      const remark = isOver ? verdict.nothing : run.startedAt[side] ? verdict.underWay : verdict.notYet
      return {
        side,
        tone: 'none',
        standing: '…',
        calls: total > 0 ? counted.join(' · ') : remark,
        remark: '',
      }
    }
    const words = isLeave ? verdict.left : verdict.standings
    const isRight = isIn !== Boolean(isLeave)
    if (isOfPictures) {
      return {
        side,
        tone: isRight && answered === total ? 'good' : 'bad',
        standing: settled,
        calls: [isIn ? words.in : words.out, verdict.refreshes(refreshes)].join(' · '),
        remark: verdict.remarks[standing] ?? '',
      }
    }
    return {
      side,
      tone: isRight ? 'good' : group === 'limits' ? 'none' : 'bad',
      standing: isIn ? words.in : words.out,
      calls: total > 0 ? counted.join(' · ') : verdict.nothing,
      remark: verdict.remarks[standing] ?? '',
    }
  })
}

/** Both clients in one sentence: which is better off, or that neither is. Empty until it is over. */
export function compare(run: Run, lanes: readonly Lane[], { verdict, sides }: Words): string {
  const [opponent, ours] = run.sides
  if (run.endedAt === null || run.sides.some((side) => !run.standings[side])) return ''
  if (!opponent || !ours) return ''
  const [other, own] = [figuresOf(run, opponent, lanes), figuresOf(run, ours, lanes)]
  if (own.total + other.total === 0) return ''
  const { isLeave, isOfPictures, group } = scenarios[run.scenario]
  const { ruling } = verdict
  if (own.isIn !== other.isIn) {
    const isOwn = own.isIn !== Boolean(isLeave)
    const [winner, loser] = isOwn ? [sides[ours], sides[opponent]] : [sides[opponent], sides[ours]]
    return isLeave ? ruling.leftAlone(winner, loser) : ruling.inAlone(winner, loser)
  }
  if (isOfPictures) return ruling.pictures(own.answered, other.answered, own.total)
  if (group === 'limits' && !own.isIn && own.answered === other.answered) return ruling.limit
  const isTie =
    own.answered === other.answered && own.waiting === other.waiting && own.refreshes === other.refreshes
  if (isTie) return ruling.tie
  if (!own.isIn) return ruling.bothOut
  const isAnotherWait = other.waiting > 0 && own.waiting === 0
  return isAnotherWait ? ruling.bothInOneWaits(sides[opponent]) : ruling.bothIn
}

function figuresOf(run: Run, side: SideName, lanes: readonly Lane[]): Figures {
  const own = lanes.filter((lane) => lane.side === side)
  const calls = own.filter(({ kind, errorCode }) => kind === 'call' && errorCode !== pageGone)
  const answered = calls.filter((lane) => hasStep(lane, 'answered')).length
  return {
    isIn: run.standings[side] === 'signed-in',
    total: calls.length,
    answered,
    failed: calls.filter(hasFailed).length,
    waiting: calls.filter(({ errorCode }) => errorCode === noAnswer).length,
    refreshes: own.filter(({ kind }) => kind === 'refresh').length,
  }
}
