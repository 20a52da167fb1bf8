import { authError } from '../core/errors.js'
import type { DpopHooks } from './dpop/dpop-hooks.js'

/** The hooks of DPoP, whose code is loaded when it is first needed, because most apps need none. */
export function dpopOnDemand(clientId: string): DpopHooks {
  let loading: Promise<DpopHooks> | undefined
  let loaded: DpopHooks | undefined

  async function load(): Promise<DpopHooks> {
    try {
      const { createDpopHooks } = await import('./dpop/dpop-hooks.js')
      loaded = createDpopHooks(clientId)
      return loaded
    } catch (cause) {
      loading = undefined
      throw authError('REFRESH_FAILED', 'DPoP', { cause })
    }
  }
  const hooks = (): Promise<DpopHooks> => {
    loading ??= load()
    return loading
  }

  return {
    authorize: async (accessToken, request) => (await hooks()).authorize(accessToken, request),
    // No server refuses a proof before one is made, and the first one loads the code.
    onReply: (reply, request) => loaded?.onReply(reply, request),
    isExpired: (reply) => loaded?.isExpired(reply) ?? reply.status === 401,
    fetch: async (url, init) => (await hooks()).fetch(url, init),
  }
}
