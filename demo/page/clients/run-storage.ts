const prefix = 'demo-run-'

/**
 * `localStorage`, with keys of their own for each run: what a run before left behind may still write its tokens, and
 * must not write them into this one. All tabs that play in the run share it.
 *
 * @param onLoss the tokens that were there are gone
 */
export function createRunStorage(run: string, onLoss: () => void): Storage {
  const own = `${prefix}${run}-`
  const keys = (): string[] => Object.keys(localStorage).filter((key) => key.startsWith(own))

  function remove(gone: string[]): void {
    const had = keys().length > 0
    for (const key of gone) localStorage.removeItem(key)
    if (had && keys().length === 0) onLoss()
  }

  return {
    get length() {
      return keys().length
    },
    key: (index) => keys()[index]?.slice(own.length) ?? null,
    getItem: (key) => localStorage.getItem(`${own}${key}`),
    setItem: (key, value) => localStorage.setItem(`${own}${key}`, value),
    removeItem: (key) => remove([`${own}${key}`]),
    clear: () => remove(keys()),
  }
}

/** What the runs before have left. */
export function clearRunStorages(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key)
}
