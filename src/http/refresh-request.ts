import { ownFields } from '../core/own-fields.js'
import type { TokenSet } from '../core/tokens.js'
import type { RefreshEndpoint, RefreshRequest } from './refresh-endpoint.js'

export const asForm = (fields: Record<string, string>): RefreshRequest => ({
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  body: `${new URLSearchParams(fields)}`,
})

const asJson = (fields: object): RefreshRequest => ({
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(fields),
})

function requestOf(
  { send = 'headers', names = {}, fields = {} }: Pick<RefreshEndpoint, 'send' | 'names' | 'fields'>,
  tokens: TokenSet,
): RefreshRequest {
  if (typeof send === 'function') {
    const request: unknown = send(tokens)
    if (!(request instanceof Promise)) return request as RefreshRequest
    // An async one is not meant, and has no request to give.
    request.catch(() => {})
    throw new TypeError('async')
  }
  const { accessToken, refreshToken } = tokens
  if (send === 'headers') {
    const { accessToken: access = 'Authorization', refreshToken: refresh = 'Refresh' } = names
    const headers = { ...fields }
    for (const [name, token] of [
      [access, accessToken],
      [refresh, refreshToken],
    ] as const) {
      if (name && token) headers[name] = /^authorization$/i.test(name) ? `Bearer ${token}` : token
    }
    return { headers }
  }
  if (send === 'cookie') return { headers: { 'X-Requested-With': 'latchkey', ...fields } }
  const isForm = send === 'form'
  const {
    accessToken: access = isForm ? '' : 'accessToken',
    refreshToken: refresh = isForm ? 'refresh_token' : 'refreshToken',
  } = names
  const body: Record<string, string> = isForm ? { grant_type: 'refresh_token', ...fields } : { ...fields }
  if (access) body[access] = accessToken
  if (refresh && refreshToken !== undefined) body[refresh] = refreshToken
  return isForm ? asForm(body) : asJson(body)
}

/** The request of a refresh with `tokens`. Throws what the app's own `send` throws, or an engine that does not take a header. */
export function initOf(
  endpoint: Omit<RefreshEndpoint, 'url' | 'method'> & { method?: string },
  tokens: TokenSet,
  signal?: AbortSignal,
): RequestInit {
  const { headers, body } = ownFields(requestOf(endpoint, tokens))
  return ownFields({
    method: endpoint.method ?? 'POST',
    headers: new Headers({ Accept: 'application/json', ...headers }),
    ...(body === undefined ? undefined : { body }),
    // A redirect would carry the refresh token along (Fetch, "HTTP-redirect fetch" removes only Authorization).
    redirect: 'error',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
    ...(endpoint.credentials && { credentials: endpoint.credentials }),
    ...(signal && { signal }),
  })
}
