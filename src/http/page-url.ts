/**
 * What relative URLs are relative to. A `<base>` that leads to another origin may be an attacker's, and must not take the
 * tokens there: then they are relative to nothing. `undefined` where there is no page.
 */
export function pageUrl(): string | undefined {
  const { baseURI, defaultView } = globalThis.document ?? {}
  const isOurs = !defaultView || baseURI?.startsWith(`${defaultView.origin}/`)
  return isOurs ? baseURI : 'about:blank'
}
