import { AuthError } from '../core/errors.js'
import type { TokenProof } from '../http/credentials.js'

/** A proof whose code is loaded when it is first needed: most apps need none. */
export function proofOnDemand(clientId: string): TokenProof {
  let loading: Promise<TokenProof> | undefined
  let loaded: TokenProof | undefined

  async function load(): Promise<TokenProof> {
    try {
      const { createDpopProof } = await import('./dpop/dpop-proof.js')
      loaded = createDpopProof(clientId)
      return loaded
    } catch (cause) {
      loading = undefined
      throw new AuthError('REFRESH_FAILED', 'The code for DPoP could not be loaded', { cause })
    }
  }

  return {
    async headersFor(request, accessToken) {
      loading ??= load()
      return (await loading).headersFor(request, accessToken)
    },
    // There was no proof to refuse before one was made.
    heed: (reply, url) => loaded?.heed(reply, url) ?? false,
  }
}
