const longestLatencyMs = 30_000

/** What the page may make go wrong on purpose. Each fault strikes once. */
export function createFaults() {
  let refreshLatencyMs = null

  return {
    /** Returns what is wrong with the wish, in words, or null when it was taken. */
    plan(wish) {
      const latencyMs = wish?.refreshLatencyMs
      if (!Number.isInteger(latencyMs) || latencyMs < 0 || latencyMs > longestLatencyMs) {
        return `refreshLatencyMs takes a whole number from 0 to ${longestLatencyMs}`
      }
      refreshLatencyMs = latencyMs
      return null
    },

    takeRefreshLatencyMs(usualMs) {
      const latencyMs = refreshLatencyMs ?? usualMs
      refreshLatencyMs = null
      return latencyMs
    },
  }
}
