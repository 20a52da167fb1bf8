/** The browser's lock manager, for the demo's own use, even where the library is not to see it. */
export function takeWebLocks(isVisible: boolean): LockManager | undefined {
  const { locks } = navigator
  if (!isVisible) Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true })
  return locks
}
