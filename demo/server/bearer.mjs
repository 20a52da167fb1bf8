/** The token of an `Authorization: Bearer …` header, or null (RFC 6750, section 2.1). */
export function bearerToken(request) {
  return /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1] ?? null
}

/** The answer to a request whose token is missing, expired or forged (RFC 6750, section 3). */
export function refuse(response, status) {
  const challenge = {
    missing: 'Bearer',
    expired: 'Bearer error="invalid_token", error_description="The access token expired"',
    invalid: 'Bearer error="invalid_token", error_description="The access token is invalid"',
  }[status]
  response
    .status(401)
    .set('WWW-Authenticate', challenge)
    .json({ message: `Access token is ${status}` })
}

/** Lets a request through whose bearer token is in one of the given states, with its claims in `locals`. */
export function requireToken(accessTokens, allowed = ['valid']) {
  return async (request, response, next) => {
    const token = bearerToken(request)
    if (!token) return refuse(response, 'missing')
    const { status, claims } = await accessTokens.check(token)
    if (!allowed.includes(status)) return refuse(response, status)
    response.locals.claims = claims
    next()
  }
}
