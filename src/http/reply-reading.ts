import type { Reply } from './reply.js'

/**
 * What `read` makes of a reply. A body that must be waited for (`bodyOf`) is asked for only when `read` looks at it, and
 * then `read` is called once more, with the body.
 */
export function readReply<T>(
  reply: Reply,
  bodyOf: (() => Promise<unknown>) | undefined,
  read: (reply: Reply) => T,
): T | Promise<T> {
  if (!bodyOf) return read(reply)
  const { status, header } = reply
  let wantsBody = false
  const again = (): Promise<T> => bodyOf().then((body) => read({ status, header, body }))
  try {
    const result = read({
      status,
      header,
      get body() {
        wantsBody = true
        return undefined
      },
    })
    return wantsBody ? again() : result
  } catch (error) {
    // Over a body that it could not do without.
    if (wantsBody) return again()
    throw error
  }
}
