import type { AuthError } from '../core/errors.js'
import { fieldOf } from '../core/own-fields.js'
import type { ReplyOrigin } from './origin-policy.js'
import type { Reply } from './reply.js'

/** What a single request may set for itself. */
export interface LatchkeyRequestOptions {
  /**
   * Whether the request gets the token.
   *
   * @default true
   */
  attach?: boolean
  /**
   * Whether the request waits for a token, and is sent again when the server says that its token has expired.
   *
   * @default true
   */
  refresh?: boolean
  /**
   * The session that the request belongs to, and that it is never sent without. The library sets it, so that a plugin which
   * sends the request again later does not send it for the next user.
   */
  session?: string
}

/** The headers that authorize a request. */
export type AuthHeaders = Readonly<Record<string, string>>

export interface JoinedSignal {
  readonly signal: AbortSignal
  release(): void
}

/** What the rules need to know of a request. */
export interface RequestReader<Request> {
  /** In upper case. */
  method(request: Request): string
  /** Origin and path. Read only when the request is held or was refused, or by hooks. */
  url(request: Request): string
  /** The caller's own. */
  signal(request: Request): AbortSignal | undefined
  /** For clients with another way to abort: both as one signal, to be released after the wait. */
  joinSignals?(request: Request): JoinedSignal | undefined
  /** The session that the request was made in, where the client remembers that. */
  owner?(request: Request): string | undefined
  /** Whether a refusal may lead to a refresh and a second sending. */
  mayRefresh(request: Request): boolean
  /** Whether the body can be sent a second time. */
  isReplayable(request: Request): boolean
  /** Whether the request brings this text along, in a header or in the body. */
  carries(request: Request, text: string): boolean
}

/** What the rules need to know of a response. */
export interface ResponseReader<Response> {
  status(response: Response): number
  reply(response: Response): Reply
  /** For clients that hand over replies before their body. */
  judge?(response: Response, isExpired: (reply: Reply) => boolean): boolean | Promise<boolean>
  /** Where it came from: a redirect may have lost the token on the way. */
  cameFrom(response: Response): ReplyOrigin
  /** Frees the connection. */
  discard(response: Response): void
  /** Attaches the reason why there is no better reply. */
  explain(response: Response, reason: AuthError): void
}

/** An HTTP client. One object serves all of its requests, so that a request costs no object of ours. */
export interface HttpClient<Request, Response> extends RequestReader<Request>, ResponseReader<Response> {
  /** Sends the request, with these headers where it is to carry a token. Resolves for every status. */
  send(request: Request, headers: AuthHeaders | null): Promise<Response>
}

/** Own fields only, whatever a request has under `latchkey`. */
const allows = (options: unknown, field: keyof LatchkeyRequestOptions): boolean =>
  options === undefined || (options !== false && fieldOf(options, field) !== false)

export const mayAttach = (options: unknown): boolean => allows(options, 'attach')

export const mayRefresh = (options: unknown): boolean => allows(options, 'refresh')

/** A stream can be read once only: a second sending would be empty, or hang. */
export function isOneTimeBody(body: unknown): boolean {
  const { pipe, getReader, [Symbol.asyncIterator]: iterate } = Object(body)
  return [pipe, getReader, iterate].some((method) => typeof method === 'function')
}

/** Whether a token is in the query. No request carries two (RFC 6750 section 2). */
export const hasTokenInUrl = (url: string): boolean => /[?&]access_token=/.test(url)

/** Whether `text` is in one of the values that can be read without taking them apart. */
export const mentions = (values: readonly unknown[], text: string): boolean =>
  values.some((value) => typeof value === 'string' && value.includes(text))
