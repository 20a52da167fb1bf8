/** The reply to a sign-in call, as axios or fetch hands it over. */
export interface SignInReply {
  readonly status: number
  readonly headers: object
  readonly data?: unknown
}

/** The body of such a reply, where its tokens are not at the top by their usual names. */
export type SignInBody = object & { readonly accessToken?: never }

/** What a sign-in may choose. */
export interface SignInOptions {
  /**
   * `false`: the user is signed out when the browser is closed. For a store that can forget, such as `rememberMeStore()`;
   * any other one rejects with `INVALID_OPTIONS`.
   *
   * @default true
   */
  remember?: boolean
}
