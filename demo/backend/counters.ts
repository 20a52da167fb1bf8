/** What the server itself saw. The page shows these figures and the tests believe them alone. */
export interface Counters {
  /** Calls to the protected API. */
  requests: number
  /** … that carried a good token. */
  accepted: number
  /** … that were refused, for the token was missing, expired or forged. */
  refused: number
  /** Requests to the refresh endpoint, whatever became of them. */
  refreshRequests: number
  /** … that were granted. */
  refreshes: number
  refreshesRefused: number
  /** Refresh tokens that came a second time. */
  reuseDetected: number
  /** Sign-ins that ended without the user's wish. */
  sessionsLost: number
}

export function createCounters(): Counters {
  return {
    requests: 0,
    accepted: 0,
    refused: 0,
    refreshRequests: 0,
    refreshes: 0,
    refreshesRefused: 0,
    reuseDetected: 0,
    sessionsLost: 0,
  }
}
