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
  readonly init: RequestInit & { headers: Headers }
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
  return { url, request, own, owner, init: { ...kept, ...init, headers } }
}

/** All that `init` holds, inherited or not, as `fetch` reads it: it may be a `Request` itself. */
export function withoutLatchkey(init: RequestInit | undefined): RequestInit {
  const copy: Record<string, unknown> = {}
  for (const name in init) if (name !== 'latchkey') copy[name] = init[name as keyof RequestInit]
  return copy
}

/** Where a call leads, and the `Request` it was given. What is no `Request` is taken for a URL by `fetch`, and so it is here. */
export function targetOf(input: string | URL | Request): { address: string; request?: Request } {
  if (input instanceof Request) return { address: input.url, request: input }
  const address = String(input)
  if (typeof input !== 'object' || address !== '[object Request]') return { address }
  // One of another realm, such as a frame's.
  const request = input as unknown as Request
  return { address: request.url, request }
}
