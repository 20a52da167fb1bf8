/** The refresh token where an access token would be, without a body. */
export const asBearer = {
  send: 'headers',
  names: { accessToken: '', refreshToken: 'Authorization' },
  timing: 'any',
} as const
