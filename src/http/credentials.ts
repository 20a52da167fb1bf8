/** The headers that carry an access token. */
export type Credentials = Readonly<Record<string, string>>

export const bearer = (accessToken: string): Credentials => ({ Authorization: `Bearer ${accessToken}` })
