/** The value of a cookie that the page can see; `undefined` where there is none. */
export function readCookie(name: string): string | undefined {
  const cookies = globalThis.document?.cookie.split('; ') ?? []
  const value = cookies.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1)
  try {
    return value && decodeURIComponent(value)
  } catch {
    return value
  }
}
