import { ownFields } from '../core/own-fields.js'
import { explainReply } from '../http/auth-error-of.js'
import { type HttpClient, hasTokenInUrl, isOneTimeBody, mayRefresh, mentions } from '../http/http-client.js'
import { type OriginPolicy, originOfReply } from '../http/origin-policy.js'
import { longestBody, parseJson } from '../http/reply.js'
import { readText } from '../http/response-text.js'
import type { Fetch, FetchCall } from './fetch-call.js'
import { readLazily } from './lazy-body.js'

/** Whether a call brings a token of its own, or can do nothing but fail: then it is sent as it is. */
export const isLeftAlone = (call: FetchCall): boolean =>
  (isBodyOfRequest(call) && call.request?.bodyUsed === true) ||
  call.init.headers.has('Authorization') ||
  hasTokenInUrl(call.url.search)

/** Whether the body is that of a `Request`, which can be sent once. */
const isBodyOfRequest = ({ request, init }: FetchCall): boolean =>
  !!request && (init.body ?? null) === null && hasBody(request)

/** Where a browser does not show it, every method but those two may have one. */
const hasBody = ({ body, method }: Request): boolean => body !== null && !/^(GET|HEAD)$/.test(method)

/** Calls of `fetch`. Their replies go to the caller unread. */
export const createFetchClient = (fetch: Fetch, policy: OriginPolicy): HttpClient<FetchCall, Response> =>
  ownFields<HttpClient<FetchCall, Response>>({
    method: ({ init }) => init.method.toUpperCase(),
    url: ({ url }) => url.origin + url.pathname,
    signal: ({ init, request }) => (init.signal === undefined ? request?.signal : init.signal) ?? undefined,
    owner: ({ owner }) => owner as string | undefined,
    mayRefresh: ({ own }) => mayRefresh(own),
    isReplayable: (call) => (isBodyOfRequest(call) ? mayRefresh(call.own) : !isOneTimeBody(call.init.body)),
    carries({ init: { body, headers } }, text) {
      return mentions([body instanceof URLSearchParams ? String(body) : body, ...headers.values()], text)
    },
    send(call, authHeaders) {
      const { init } = call
      const target = call.copy ?? call.request ?? call.url.href
      // The copy of a body is kept until the request has come to something: see `freeCopy`.
      if (authHeaders && isBodyOfRequest(call) && mayRefresh(call.own))
        call.copy = (target as Request).clone()
      // Each sending has headers of its own, since the `fetch` below may keep them.
      const headers = new Headers([...init.headers])
      for (const [name, value] of Object.entries(authHeaders ?? {})) headers.set(name, value)
      // Not as a method: browsers refuse a `fetch` that is called so.
      return fetch(target, ownFields({ ...init, headers }))
    },

    status: ({ status }) => status,
    reply: ({ status, headers }) => ({ status, header: (name) => headers.get(name) }),
    judge(response, isExpired) {
      const { status, headers } = response
      const reply = { status, header: (name: string) => headers.get(name) }
      return readLazily(reply, () => readCopy(response), isExpired)
    },
    // What takes the place of `fetch` may not know of redirects.
    cameFrom: ({ redirected, url }) => (redirected === false ? 'ours' : originOfReply(url, policy)),
    discard: ({ body }) => cancel(body),
    explain: explainReply,
  })

/**
 * The body of a copy of the reply, up to a limit. One that is not JSON may be a stream that goes on for hours, unless it says
 * how long it is. Never rejects.
 */
async function readCopy(response: Response): Promise<unknown> {
  const { headers } = response
  const length = headers.get('Content-Length')
  const isShort = !!length && Number(length) <= longestBody
  if (!isShort && !/[/+]json\b/i.test(headers.get('Content-Type') ?? '')) return undefined
  try {
    const text = await readText(response.clone(), longestBody)
    return text && parseJson(text)
  } catch {
    return undefined
  }
}

/** Frees the copy of a body that was not needed. */
export const freeCopy = ({ copy }: FetchCall): void => cancel(copy?.body)

const cancel = (body: ReadableStream | null | undefined): void => void body?.cancel().catch(() => {})
