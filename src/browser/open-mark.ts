/** Says that the browser has not been closed since it was set. Holds nothing but that. */
export interface OpenMark {
  set(): void
  isThere(): boolean
}

/**
 * A session cookie, which all tabs see and which goes with the browser. Where the page may have no cookies, such as in a
 * native shell: sessionStorage, which this tab alone sees.
 */
export function createOpenMark(name: string): OpenMark {
  const key = `latchkey-open-${encodeURIComponent(name)}`
  /**
   * A page never outlives its browser: what it has seen stays true, even if someone removes the cookie. A worker sees no
   * cookies, and leaves it to pages to judge.
   */
  let wasSeen = !('document' in globalThis)

  function hasCookie(): boolean {
    try {
      return document.cookie.split('; ').includes(`${key}=1`)
    } catch {
      // A page in a sandbox may not even look.
      return false
    }
  }

  const mark: OpenMark = {
    set() {
      wasSeen = true
      if (hasCookie()) return
      try {
        const { protocol } = location
        // biome-ignore lint/suspicious/noDocumentCookie: not all browsers have the Cookie Store API, which is asynchronous
        document.cookie = `${key}=1; Path=/; SameSite=Strict${protocol === 'https:' ? '; Secure' : ''}`
      } catch {}
      try {
        if (!hasCookie()) sessionStorage.setItem(key, '1')
      } catch {
        // This page alone knows it, then.
      }
    },
    isThere() {
      try {
        wasSeen ||= hasCookie() || sessionStorage.getItem(key) === '1'
      } catch {}
      if (wasSeen) mark.set()
      return wasSeen
    },
  }
  return mark
}
