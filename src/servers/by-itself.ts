/** No refresh token: the access token asks for its own successor. */
export const byItself = { send: 'headers', names: { refreshToken: '' } } as const
