import { parseArgs } from 'node:util'
import { type ProtocolName, protocolNames } from './candidates.js'

export interface Options {
  url: string
  origin: string
  api?: string | undefined
  protocol?: ProtocolName | undefined
  clientId?: string | undefined
  csrfHeader?: string | undefined
  apiKey?: string | undefined
  reuse: boolean
  json: boolean
  timeoutMs: number
}

export const help = `Usage: latchkey doctor <refresh url> --origin <app origin> [options] [< sign-in reply]

Says what is wrong with the refresh endpoint of a server, before your users find out.

  --origin <origin>       where the app is served from, such as https://app.example.com
  --api <url>             a URL of the API that needs a token (GET): is its 401 as it should be?
  --protocol <name>       the protocol of the server, for fewer calls and exact words; one of
                          ${protocolNames.slice(0, 8).join(', ')},
                          ${protocolNames.slice(8, 15).join(', ')},
                          ${protocolNames.slice(15).join(', ')}
  --client-id <id>        for oauth2 and cognito
  --api-key <key>         for supabase: the public key of the project
  --csrf-header <name>    for cookie: the header that the server wants its CSRF token in
  --reuse                 with a sign-in reply: use the refresh token a second time. It may end that session
  --json                  for machines
  --timeout <seconds>     for each call; 10 by default
  -h, --help

Without a sign-in reply, the doctor sends a call without tokens, CORS preflights, and made-up tokens, one protocol after
the other until the server has looked at them: about ten calls. They change nothing, but a server may count them as
failed attempts.

With a sign-in reply on standard input (its JSON, or all of it as \`curl -i\` prints it, for the cookies), the doctor also
makes a real refresh. It tries the protocols in the order in which a wrong guess does least harm, and stops at the first
that brings tokens. A guess that the server does not understand changes nothing, but may count as a failed attempt.
The right guess uses up the refresh token: sign in for this only. If the server accepts a refresh only after the access
token has expired, the doctor waits up to a minute. With --api it also sends the new access token to that URL, by GET.

  curl -si https://api.example.com/auth/sign-in -d user=ada -d password=… | \\
    npx latchkey doctor https://api.example.com/auth/refresh --origin https://app.example.com

The doctor prints no token and keeps none. Exit code: 0 no problem (advice aside), 1 problems found, 2 wrong usage.
`

/** What was asked for, `'help'`, or a sentence that says what is wrong with it. */
export function readOptions(args: string[]): Options | 'help' | { wrong: string } {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    // The first line alone: what follows quotes the command line.
    return { wrong: String((error as Error).message).split('. ')[0] ?? '' }
  }
  const { values, positionals } = parsed
  if (values.help) return 'help'
  const [address, ...more] = positionals
  if (address === undefined) return { wrong: 'Name the URL of the refresh endpoint' }
  if (more.length > 0) return { wrong: 'Name one URL' }
  const url = webUrl(address)
  if (!url)
    return { wrong: 'The refresh URL must be a full http or https URL, without a user and a fragment' }
  if (values.origin === undefined)
    return { wrong: 'Name the origin of the app: --origin https://app.example.com' }
  const origin = webUrl(values.origin)
  if (origin?.pathname !== '/' || origin.search) {
    return { wrong: '--origin takes an origin without a path, such as https://app.example.com' }
  }
  const api = values.api === undefined ? undefined : webUrl(values.api)
  if (values.api !== undefined && !api) return { wrong: '--api takes a full http or https URL' }
  const { protocol } = values
  if (protocol !== undefined && !protocolNames.includes(protocol as ProtocolName)) {
    return { wrong: `--protocol takes one of ${protocolNames.join(', ')}` }
  }
  if (/^(oauth2|cognito)$/.test(protocol ?? '') && !values['client-id']) {
    return { wrong: `${protocol} needs --client-id` }
  }
  const header = values['csrf-header']
  if (header !== undefined && !/^[\w!#$%&'*+.^`|~-]+$/.test(header)) {
    return { wrong: '--csrf-header takes the name of a header' }
  }
  const seconds = Number(values.timeout ?? 10)
  if (!(seconds > 0 && seconds <= 300)) return { wrong: '--timeout takes seconds, up to 300' }
  return {
    url: url.href,
    origin: origin.origin,
    api: api?.href,
    protocol: protocol as ProtocolName | undefined,
    clientId: values['client-id'],
    csrfHeader: header,
    apiKey: values['api-key'],
    reuse: values.reuse ?? false,
    json: values.json ?? false,
    timeoutMs: seconds * 1000,
  }
}

const parse = (args: string[]) =>
  parseArgs({
    args,
    allowPositionals: true,
    options: {
      origin: { type: 'string' },
      api: { type: 'string' },
      protocol: { type: 'string' },
      'client-id': { type: 'string' },
      'csrf-header': { type: 'string' },
      'api-key': { type: 'string' },
      timeout: { type: 'string' },
      reuse: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })

function webUrl(text: string): URL | undefined {
  try {
    const url = new URL(text)
    const isPlain = /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash
    return isPlain ? url : undefined
  } catch {
    return undefined
  }
}
