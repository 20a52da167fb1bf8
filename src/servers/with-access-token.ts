import type { RefreshEndpoint } from '../http/refresh-endpoint.js'

/** For a sign-out behind the guard of the API: the request of a refresh, with the access token as well. */
export const withAccessToken =
  (send: RefreshEndpoint['send']): RefreshEndpoint['send'] =>
  (tokens) => {
    const request = send(tokens)
    return (
      request && {
        ...request,
        headers: { ...request.headers, Authorization: `Bearer ${tokens.accessToken}` },
      }
    )
  }
