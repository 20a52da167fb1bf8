// How an app signs in by authorization code and PKCE (RFC 6749 section 4.1, RFC 7636). Not the library's affair.

export interface CodeFlow {
  issuer: string
  clientId: string
  redirectUri: string
}

const verifierKey = 'verifier'

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '')

/** Leaves for the server's own sign-in page. */
export async function leaveToSignIn({ issuer, clientId, redirectUri }: CodeFlow): Promise<void> {
  const verifier = base64Url(crypto.getRandomValues(new Uint8Array(32)))
  sessionStorage.setItem(verifierKey, verifier)
  const challenge = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'openid offline_access',
    prompt: 'consent',
    code_challenge: base64Url(new Uint8Array(challenge)),
    code_challenge_method: 'S256',
  })
  location.assign(`${issuer}/auth?${query}`)
}

/** What the token endpoint is asked on the way back; `undefined` at any other time. */
export function tokenRequestOnReturn({ clientId, redirectUri }: CodeFlow): URLSearchParams | undefined {
  const code = new URLSearchParams(location.search).get('code')
  if (code === null) return undefined
  // Good once only, so that a reload must not find it.
  history.replaceState(null, '', redirectUri)
  return new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code,
    code_verifier: sessionStorage.getItem(verifierKey) ?? '',
  })
}
