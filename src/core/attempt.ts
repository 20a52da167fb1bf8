/** What `work` returns, or `undefined` where it throws: for what others make, and we can do without. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
