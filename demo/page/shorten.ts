const jwt = /[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g
const opaque = /[\w-]{32,}/g

/** Enough to tell two apart, never enough to use. */
export function shorten(text: string): string {
  return text.length > 24 ? `${text.slice(0, 6)}…${text.slice(-6)}` : '…'
}

/** A text with everything in it that may be a token made short. */
export function shortenTokens(text: string): string {
  return text.replace(jwt, shorten).replace(opaque, shorten)
}
