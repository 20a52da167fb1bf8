import type { ApiReply } from './api.js'
import type { Happening } from './happening.js'

const outcome = (of: { reply: ApiReply } | { value: unknown } | { error: unknown } | undefined): string => {
  if (!of) return 'waits'
  if ('reply' in of) return `${of.reply.status}${of.reply.reason ? ` because ${of.reply.reason.code}` : ''}`
  if ('value' in of) return `resolved`
  const { code, name } = of.error as { code?: string; name?: string }
  return `rejected with ${code ?? name ?? String(of.error)}`
}

const record = (of: { session: string; generation: number; accessToken: string } | null): string =>
  of ? `${of.session} generation ${of.generation} ${of.accessToken}` : 'nothing'

/** One line of the story that a broken invariant is told with. */
export function describeHappening(happening: Happening): string {
  const what = `${happening.tab?.name ?? 'user'}: ${happening.type}`
  switch (happening.type) {
    case 'refresh-sent':
      return `${what} ${happening.call.refreshToken} (${JSON.stringify(happening.call.fate)})`
    case 'refresh-answered':
      return `${what} ${happening.call.refreshToken} ${happening.call.outcome?.kind}`
    case 'told': {
      const { at, ...rest } = happening.event
      return `${what} ${JSON.stringify(rest)}`
    }
    case 'shown':
      return `${what} ${JSON.stringify(happening.state)}`
    case 'request-sent':
      return `${what} ${happening.request.url} with ${happening.request.sends.at(-1)}${happening.request.earlier ? ` as ${happening.request.earlier.url} again` : ''}`
    case 'request-answered':
      return `${what} ${happening.request.url}${happening.request.lates.at(-1) ? ' late' : ''}`
    case 'request-settled':
      return `${what} ${happening.request.url} ${outcome(happening.request.outcome)}`
    case 'call-made':
    case 'call-settled':
      return `${what} ${happening.call.name} ${outcome(happening.call.outcome)}`
    case 'committed':
      return `${what} ${record(happening.record)} over ${record(happening.before)}`
    case 'posted':
    case 'heard':
      return `${what} ${JSON.stringify(happening.message)}`
    case 'acted':
      return `${what} ${happening.left ?? 'nobody'} -> ${happening.family ?? 'nobody'}`
    default:
      return what
  }
}
