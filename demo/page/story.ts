import { type Call, hasStep, type Refresh, type Run } from './run.js'
import { count, duration } from './words.js'

export interface Line {
  /** Which colour of the timeline the line speaks of. */
  mark: 'sent' | 'held' | 'again' | 'refresh' | 'good' | 'bad' | 'none'
  text: string
}

export interface Story {
  headline: string
  lines: Line[]
}

/** A run in plain words. */
export function tellStory(run: Run): Story {
  const total = run.calls.length
  if (run.endedAt === null) return { headline: `${count(total, 'call')} under way …`, lines: [] }

  const refused = run.calls.filter((call) => hasStep(call, 'refused'))
  const heldFirst = run.calls.filter((call) => hasStep(call, 'held') && !hasStep(call, 'refused'))
  const sentLate = heldFirst.filter((call) => hasStep(call, 'sent'))
  const sentAgain = run.calls.filter((call) => hasStep(call, 'sent-again'))
  const answered = run.calls.filter((call) => hasStep(call, 'answered'))
  const failed = run.calls.filter((call) => hasStep(call, 'failed'))
  const left = run.moments.some(({ kind }) => kind === 'signed-out')

  const lines: Line[] = []
  const say = (mark: Line['mark'], text: string): void => {
    lines.push({ mark, text })
  }

  if (run.token === 'expired') {
    say('none', 'The access token had run out, and the browser knew it.')
  } else if (refused.length > 0) {
    say('sent', `${the(total, total)} went out with a token that the browser took for good.`)
    say('bad', `The server refused ${some(refused.length, total)}: it holds the token for expired.`)
  } else {
    say('sent', `${the(total, total)} went out at once, with a good token.`)
  }
  if (heldFirst.length > 0) {
    say(
      'held',
      `${the(heldFirst.length, total)} ${was(heldFirst.length)} held back, so nothing was sent in vain.`,
    )
  }
  if (refused.length > 0) {
    say('held', `${capital(some(refused.length, total))} ${was(refused.length)} held instead of failing.`)
  }
  for (const refresh of run.refreshes) say('refresh', tellRefresh(refresh, total))
  if (run.moments.some(({ kind }) => kind === 'adopted')) {
    say('refresh', 'Another tab had renewed the token already, and this one took it over.')
  }
  if (sentLate.length > 0) {
    say('sent', `Then ${some(sentLate.length, total)} went out, for the first and only time.`)
  }
  if (sentAgain.length > 0) {
    say(
      'again',
      `Then ${some(sentAgain.length, total)} ${was(sentAgain.length)} sent again with the new token.`,
    )
  }
  if (answered.length > 0) {
    const last = duration(lastAnswer(answered) - run.startedAt)
    say(
      'good',
      `${the(answered.length, total)} ${was(answered.length)} answered${total > 1 ? ', the last' : ''} after ${last}.`,
    )
  }
  if (failed.length > 0) {
    const codes = [...new Set(failed.map((call) => call.errorCode))].join(', ')
    say('bad', `${the(failed.length, total)} ended in an error the caller can tell apart: ${codes}.`)
  }
  if (left && !run.signedInAtEnd) {
    say('good', 'The answer to the refresh came too late and changed nothing: you are still signed out.')
  }

  return { headline: headline(run, { refused: refused.length, answered: answered.length, left }), lines }
}

/** What one call went through, for the table and for the cursor of the timeline. */
export function tellCall(call: Call, run: Run): string {
  const words = {
    sent: 'sent',
    refused: 'refused',
    held: 'held',
    'sent-again': 'sent again',
    answered: 'answered',
  }
  const parts = call.steps.map((step, index) => {
    if (step.kind === 'held') {
      const until = call.steps[index + 1]?.at
      return until === undefined ? 'held' : `held for ${duration(until - step.at)}`
    }
    const after = duration(step.at - run.startedAt)
    return step.kind === 'failed'
      ? `failed at ${after} with ${call.errorCode}`
      : `${words[step.kind]} at ${after}`
  })
  return parts.join(', ')
}

function headline(
  run: Run,
  { refused, answered, left }: { refused: number; answered: number; left: boolean },
): string {
  const total = run.calls.length
  if (left) return 'Signed out in the middle of a refresh, and it stayed that way.'
  if (answered < total) return `${count(total, 'call')}: ${answered} answered, ${total - answered} failed.`
  const granted = run.refreshes.filter(({ outcome }) => outcome === 'succeeded').length
  const refreshes =
    granted === 0
      ? 'no\u00a0refresh'
      : granted === 1
        ? 'one\u00a0refresh'
        : count(granted, 'refresh', 'refreshes')
  if (refused > 0) return `${refused} refused, ${refreshes}, ${count(answered, 'answer')}.`
  return `${count(total, 'call')}, ${refreshes}, ${count(answered, 'answer')}.`
}

function tellRefresh({ outcome, startedAt, endedAt, errorCode }: Refresh, total: number): string {
  const took = duration((endedAt ?? startedAt) - startedAt)
  const went = `One refresh went out${total > 1 ? ' for all of them' : ''}`
  switch (outcome) {
    case 'running':
      return `${went}.`
    case 'succeeded':
      return `${went} and brought a new token after ${took}.`
    case 'failed':
      return `${went} and failed after ${took} with ${errorCode}.`
    case 'not-due':
      return `${went}, and the server said that the token had not expired yet.`
    case 'adopted':
      return 'A refresh was about to go out from this tab.'
    case 'abandoned':
      return `${went}. The session was over ${took} later, before its answer came.`
  }
}

function lastAnswer(calls: Call[]): number {
  return Math.max(...calls.map((call) => call.steps.at(-1)?.at ?? 0))
}

/** `all 20`, `3 of them`, `it`. */
function some(amount: number, total: number): string {
  if (total === 1) return 'it'
  return amount === total ? `all ${amount}` : `${amount} of them`
}

/** The same at the head of a sentence. */
function the(amount: number, total: number): string {
  return total === 1 ? 'The call' : capital(some(amount, total))
}

function was(amount: number): string {
  return amount === 1 ? 'was' : 'were'
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
