import { nameOf } from '../core/errors.js'
import { parseUrl } from '../http/origin-policy.js'
import { pageUrl } from '../http/page-url.js'

/** What a refresh call without a reply may have failed of. Names of headers alone: their values are tokens. */
export function whyUnreachable(thrown: unknown, url: string, { headers, credentials }: RequestInit): string {
  const name = nameOf(thrown)
  const page = parseUrl(pageUrl() ?? '')?.origin
  const origin = parseUrl(url)?.origin
  if (page === undefined || page === origin) return name
  const sent = [...new Headers(headers).keys()].filter((header) => header !== 'accept')
  const answers = [
    `Access-Control-Allow-Origin: ${page}`,
    ...(credentials === 'include' ? ['Access-Control-Allow-Credentials: true'] : []),
    ...(sent.length > 0 ? [`Access-Control-Allow-Headers: ${sent.join(', ')}`] : []),
  ]
  return `${name}. If CORS is the cause, ${origin} must answer with ${answers.join(' and ')}, to OPTIONS too`
}
