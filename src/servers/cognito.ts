import { fieldOf, ownFields } from '../core/own-fields.js'
import { yesOrNo } from '../development/check-options.js'
import { isDevelopment } from '../development/is-development.js'
import { checkServerOptions, textRule } from '../development/server-options.js'
import type { RefreshEndpoint, RefreshRequest } from '../http/refresh-endpoint.js'
import type { RefreshVerdict } from '../http/refresh-reply.js'
import type { Reply } from '../http/reply.js'
import { serverEndpoint } from './server-endpoint.js'
import type { ServerOptions } from './server-options.js'
import { tokensAt } from './tokens-at.js'

export interface CognitoOptions extends ServerOptions {
  /** The id of the app client, which must have no secret. */
  clientId: string
  /**
   * Whether the app client rotates refresh tokens. Then the call is `GetTokensFromRefreshToken`, since `InitiateAuth` is
   * refused.
   *
   * @default false
   */
  rotation?: boolean
  /**
   * Whether requests carry the ID token in place of the access token, as some authorizers of API Gateway want it.
   *
   * @default false
   */
  idToken?: boolean
}

/** One of the operations of its API, which all have one URL. */
const operation = (name: string, fields: object): RefreshRequest => ({
  headers: {
    'Content-Type': 'application/x-amz-json-1.1',
    'X-Amz-Target': `AWSCognitoIdentityProviderService.${name}`,
  },
  body: JSON.stringify(fields),
})

/**
 * Amazon Cognito user pools by their API. `url` is `https://cognito-idp.<region>.amazonaws.com/`, for the sign-out as well. For
 * the token endpoint of a user pool's domain use {@link oauth2}.
 *
 * ```http
 * POST /
 * Content-Type: application/x-amz-json-1.1
 * X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth
 *
 * {"AuthFlow":"REFRESH_TOKEN_AUTH","ClientId":"…","AuthParameters":{"REFRESH_TOKEN":"…"}}
 *
 * 200 {"AuthenticationResult":{"AccessToken":"…","ExpiresIn":3600,"IdToken":"…","TokenType":"Bearer"},"ChallengeParameters":{}}
 * 400 {"__type":"NotAuthorizedException","message":"Refresh Token has been revoked"}
 * ```
 *
 * From its API reference. A `signOut` is `RevokeToken`. AWS's own client does more; this is for apps that bring their own.
 */
export function cognito(options: CognitoOptions): RefreshEndpoint {
  if (isDevelopment)
    checkServerOptions('cognito', options, { clientId: textRule, rotation: yesOrNo, idToken: yesOrNo }, [
      'clientId',
    ])
  const { clientId: ClientId, rotation, idToken } = ownFields(options)
  const result = 'AuthenticationResult.'
  return serverEndpoint(
    'cognito',
    options,
    {
      send({ refreshToken }) {
        if (refreshToken === undefined) return null
        return rotation
          ? operation('GetTokensFromRefreshToken', { ClientId, RefreshToken: refreshToken })
          : operation('InitiateAuth', {
              AuthFlow: 'REFRESH_TOKEN_AUTH',
              ClientId,
              AuthParameters: { REFRESH_TOKEN: refreshToken },
            })
      },
      parse: tokensAt({
        accessToken: result + (idToken ? 'IdToken' : 'AccessToken'),
        refreshToken: `${result}RefreshToken`,
        // That of an ID token may be another, and is read from it.
        ...(!idToken && { expiresIn: `${result}ExpiresIn` }),
      }),
      classify,
    },
    ({ refreshToken }) =>
      refreshToken === undefined ? null : operation('RevokeToken', { ClientId, Token: refreshToken }),
  )
}

/** By the exception that is named, since almost all have one status. */
function classify({ status, body }: Reply): RefreshVerdict | undefined {
  const text = (field: string): string => String(fieldOf(body, field))
  // Some replies have a namespace before it.
  const exception = text('__type').replace(/^.*#/, '')
  if (/^(UserNotFound|UserNotConfirmed|PasswordResetRequired|RefreshTokenReuse)Exception$/.test(exception)) {
    return 'ended'
  }
  if (exception === 'NotAuthorizedException' && status < 500) {
    // The other messages are about the client and its secret.
    return /refresh token|\buser\b/i.test(text('message')) ? 'ended' : 'misconfigured'
  }
  // A 403 is its firewall's.
  return exception === 'TooManyRequestsException' || status === 403 ? 'retry' : undefined
}
