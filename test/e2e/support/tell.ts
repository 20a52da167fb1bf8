/** Tells the server what happens in a page that no driver looks into, and whether anybody sees it then. */
export function tell(what: string): void {
  const { prerendering } = document as Document & { prerendering?: boolean }
  const query = new URLSearchParams({ what: `${prerendering ? 'out of sight' : 'in sight'}: ${what}` })
  void fetch(`/tell?${query}`, { method: 'POST', keepalive: true })
}

export function tellLockRequests(): void {
  const { locks } = navigator
  const request = locks.request.bind(locks) as (...args: unknown[]) => Promise<unknown>
  const telling = (...args: unknown[]): Promise<unknown> => {
    tell('lock')
    return request(...args)
  }
  Object.defineProperty(locks, 'request', { value: telling })
}
