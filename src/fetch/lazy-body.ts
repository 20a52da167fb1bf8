import type { Reply } from '../http/reply.js'

/**
 * What `read` makes of a reply whose body is yet to come. The body is read only when `read` looks at it, and then `read` is
 * called once more, with the body.
 */
export function readLazily<T>(
  { status, header }: Reply,
  readBody: () => Promise<unknown>,
  read: (reply: Reply) => T,
): T | Promise<T> {
  let wantsBody = false
  const again = (): Promise<T> => readBody().then((body) => read({ status, header, body }))
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
    // It threw because there was no body yet.
    if (wantsBody) return again()
    throw error
  }
}
