import type { Words } from '../words/words.js'
import { endOf, hasStep, isOver, type Lane, pageGone, startOf } from './lane.js'
import type { Moment, Run } from './run.js'

export interface Line {
  /** Which colour of the timeline the line speaks of. */
  mark: 'sent' | 'held' | 'again' | 'refresh' | 'good' | 'bad' | 'none'
  text: string
}

/** A run of Latchkey in this tab, step by step, in plain words. */
export function tellStory(run: Run, lanes: readonly Lane[], { story }: Words): Line[] {
  const own = run.sides.at(-1) ?? 'latchkey'
  const startedAt = run.startedAt[own] ?? 0
  const made = lanes.filter(({ side, kind }) => side === own && kind === 'call')
  const gone = made.filter(({ errorCode }) => errorCode === pageGone)
  const calls = made.filter(({ errorCode }) => errorCode !== pageGone)
  const refreshes = lanes.filter(({ side, kind }) => side === own && kind === 'refresh')
  const total = calls.length
  const refused = calls.filter((lane) => hasStep(lane, 'refused'))
  const heldFirst = calls.filter((lane) => lane.steps[0]?.kind === 'held')
  const sentFirst = calls.filter((lane) => lane.steps[0]?.kind === 'sent')
  const sentLate = heldFirst.filter((lane) => hasStep(lane, 'sent'))
  const sentAgain = calls.filter((lane) => hasStep(lane, 'sent-again'))
  const answered = calls.filter((lane) => hasStep(lane, 'answered'))
  const failed = calls.filter((lane) => hasStep(lane, 'failed'))
  const stays = run.standings[own] === 'signed-in'
  const has = (kind: Moment['kind']): boolean =>
    run.moments.some((moment) => moment.side === own && moment.kind === kind)

  const lines: Line[] = []
  const say = (mark: Line['mark'], text: string): void => {
    lines.push({ mark, text })
  }

  if (has('reloaded')) say('none', story.reloaded(gone.length))
  if (total === 0) say('none', story.nothing)
  if (heldFirst.length > 0) say('held', story.heldFirst(heldFirst.length, total))
  if (sentFirst.length > 0) say('sent', story.sent(sentFirst.length, total))
  if (refused.length > 0) say('bad', story.refused(refused.length, total))
  tellRefreshes()
  if (has('adopted')) say('refresh', story.adopted)
  if (sentLate.length > 0) say('sent', story.sentLate(sentLate.length, total))
  if (sentAgain.length > 0) say('again', story.sentAgain(sentAgain.length, total))
  if (answered.length > 0) {
    const last = Math.max(...answered.map(endOf)) - startedAt
    say('good', story.answered(answered.length, total, last))
  }
  if (failed.length > 0) {
    const codes = [...new Set(failed.map(({ errorCode }) => errorCode))].join(', ')
    say('bad', story.failed(failed.length, total, codes))
  }
  if (has('expired')) say('bad', story.ended)
  else if (has('signed-out') && !stays) say('good', story.left)
  else if (failed.length > 0 && stays) say('good', story.kept)
  return lines

  function tellRefreshes(): void {
    const [only] = refreshes
    if (!only) return
    if (refreshes.length > 1) {
      say('refresh', story.refreshes(refreshes.length, refreshes.map(outcomeOf).join(', ')))
      return
    }
    if (!isOver(only)) say('refresh', story.refreshHangs)
    else if (only.errorCode === 'ABORTED') say('refresh', story.refreshCalledOff)
    else if (only.errorCode) say('refresh', story.refreshFailed(only.errorCode))
    else say('refresh', story.refresh(total, endOf(only) - startOf(only)))
  }
}

function outcomeOf(refresh: Lane): string {
  return refresh.errorCode ?? `HTTP ${refresh.exchanges[0]?.reply?.status ?? '…'}`
}

/** What one line went through, for the table and for the cursor. */
export function tellLane(lane: Lane, startedAt: number, { timeline }: Words): string {
  return lane.steps
    .map(({ kind, at }, index) => {
      const until = lane.steps[index + 1]?.at ?? at
      if (kind === 'held') return timeline.steps.held(until - at)
      const told = timeline.steps[kind](at - startedAt)
      return kind === 'failed' && lane.errorCode ? told + timeline.with(lane.errorCode) : told
    })
    .join(', ')
}
