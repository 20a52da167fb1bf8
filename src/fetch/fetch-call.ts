import { ownFields } from '../core/own-fields.js'

/** As the platform's own, without what some platforms add. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/**
 * What a call of `fetch` asks for. It is read once, at the call, as `fetch` itself reads it: so what is checked is what is
 * sent, even if the caller changes its objects while the request is held.
 */
export interface FetchCall {
  readonly url: URL
  /** Where the call was given a `Request`. */
  readonly request: Request | undefined
  /** The rest of what it was given; these headers stand in for those of the `Request`. */
  readonly init: RequestInit & { method: string; headers: Headers }
  /** What it has under `latchkey`. */
  readonly own: unknown
  /** The session that it was made in. */
  readonly owner: unknown
  /** What is left to send of a `Request` with a body, once it was sent. */
  copy?: Request
}

export function readCall(
  { url, request, own, owner }: Omit<FetchCall, 'init' | 'copy'>,
  given: RequestInit | undefined,
): FetchCall {
  const init = withoutLatchkey(given)
  const source: HeadersInit = init.headers ?? request?.headers ?? {}
  // Pair by pair, since msw 2 loses headers when those of a `Request` are copied as a whole.
  const headers = new Headers(Symbol.iterator in source ? [...source] : source)
  // `fetch` forgets these two of a `Request` as soon as it is given an init (Fetch, "new Request(input, init)").
  const { referrer, referrerPolicy } = request ?? {}
  const kept = request && ({ referrer, referrerPolicy } as RequestInit)
  // Named, since the platform may read it from a polluted prototype otherwise.
  const method = `${init.method ?? request?.method ?? 'GET'}`
  return ownFields({ url, request, own, owner, init: ownFields({ ...kept, ...init, method, headers }) })
}

/** All that `init` holds, inherited or not, as `fetch` reads it: it may be a `Request` itself. */
export function withoutLatchkey(init: RequestInit | undefined): RequestInit {
  const copy = Object.create(null)
  for (const name in init) if (name !== 'latchkey') copy[name] = init[name as keyof RequestInit]
  return copy
}

/** Where a call leads, and the `Request` it was given. What is no `Request` is taken for a URL by `fetch`, and so it is here. */
export function targetOf(input: string | URL | Request): { address: string; request: Request | undefined } {
  const address = String(input)
  // By its name, since one of another realm, such as a frame's, is no instance of ours.
  const isRequest = input instanceof Request || (typeof input === 'object' && address === '[object Request]')
  // Named in either case, so that it is not read from a polluted prototype.
  if (!isRequest) return { address, request: undefined }
  const request = input as Request
  return { address: urlOf(request), request }
}

/** As `fetch` itself reads it, whatever the object has been given under that name. */
function urlOf(request: Request): string {
  try {
    return Reflect.get(Request.prototype, 'url', request) ?? request.url
  } catch {
    // Not all platforms read a `Request` that another realm has made.
    return request.url
  }
}
