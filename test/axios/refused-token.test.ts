import type { AxiosError } from 'axios'
import { isAuthError } from '../../src/index.js'
import { useBackend } from '../support/backend.js'
import { signIn } from '../support/guarded-api.js'
import { claimRefusedTokensWait, type Outcome } from '../support/refused-token-claims.js'

const outcomeOf = ({ response, cause }: AxiosError): Outcome => ({
  ...(response && { status: response.status }),
  ...(isAuthError(cause) && { code: cause.code }),
})

claimRefusedTokensWait(useBackend(), async (options, tokens) => {
  const { session, api } = await signIn(options, tokens)
  return { session, get: (path, init) => api.get(path, init).then(({ status }) => ({ status }), outcomeOf) }
})
