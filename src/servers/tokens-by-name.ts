import { ownFields } from '../core/own-fields.js'
import { tokenSet } from '../core/tokens.js'
import type { TokenNames } from '../http/refresh-reply.js'
import { fieldAt, type TokenReader } from './tokens-at.js'

/**
 * Makes the `parse` of a protocol whose app gives `names`, with dots into nested objects. What has no such name is read by
 * the usual names, because an app that renames one field says nothing of the others: a new refresh token that is overlooked
 * costs the session.
 */
export function tokensByName(names: TokenNames): TokenReader {
  const { accessToken = '', refreshToken = '' } = ownFields(names)
  const besideAccessToken = accessToken.slice(0, accessToken.lastIndexOf('.') + 1)
  const usual = (...fields: string[]): string[] =>
    [besideAccessToken, '', 'data.'].flatMap((path) => fields.map((field) => path + field))
  const accessTokenPaths = [accessToken, ...usual('accessToken', 'access_token')]
  const refreshTokenPaths = [
    refreshToken,
    besideAccessToken + refreshToken,
    ...usual('refreshToken', 'refresh_token'),
  ]
  const lifetimePaths = usual('expiresIn', 'expires_in')
  return ({ status, body }) => {
    const firstAt = (paths: string[]): unknown =>
      paths.map((path) => fieldAt(body, path)).find((value) => value !== undefined && value !== null)
    const found = firstAt(accessTokenPaths)
    return status < 300 && found !== undefined
      ? tokenSet(found, firstAt(refreshTokenPaths), firstAt(lifetimePaths))
      : null
  }
}
