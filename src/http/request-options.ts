import { fieldOf } from './reply.js'

/** What a single request may say for itself. */
export interface LatchkeyRequestOptions {
  /**
   * Whether the request gets the token.
   *
   * @default true
   */
  attach?: boolean
  /**
   * Whether the request waits for a token, and is sent again when the server says that its token has expired.
   *
   * @default true
   */
  refresh?: boolean
}

/** Own fields only, whatever it is that a request says under `latchkey`. */
export const mayAttach = (said: unknown): boolean => said !== false && fieldOf(said, 'attach') !== false

export const mayRefresh = (said: unknown): boolean => said !== false && fieldOf(said, 'refresh') !== false
