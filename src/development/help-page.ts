import type { EventBody } from '../core/events.js'

/**
 * Where a message of the development build leads: the guide that lies in the package. Once the site has an address, write
 * that of its page of errors here, which has an anchor for every code.
 */
export const helpPage: string = 'node_modules/latchkey/docs/troubleshooting.md'

const placeOf = (code: string): string =>
  helpPage.startsWith('http') ? `${helpPage}#${code.toLowerCase()}` : `${code} in ${helpPage}`

/** The message, and where to read what its code means. It leads to one place, also if it quotes another message. */
export function withHelp(message: string, code: string): string {
  const quoted = new RegExp(`\\.? See (\\w+ in )?${helpPage.replaceAll('.', '\\.')}(#\\w+)?`, 'g')
  const own = message.replace(quoted, '').replace(/\.$/, '')
  return `${own}${own.endsWith('?') ? '' : '.'} See ${placeOf(code)}`
}

/** A warning whose message leads there too; any other event as it is. */
export const helpful = (event: EventBody): EventBody =>
  event.type === 'warning' ? { ...event, message: withHelp(event.message, event.code) } : event
