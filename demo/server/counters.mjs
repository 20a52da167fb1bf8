/** What the server itself saw. The page shows these figures and the tests believe them alone. */
export function createCounters() {
  return {
    requests: 0, // calls to the protected API
    accepted: 0, // … that carried a good token
    refused: 0, // … that were answered 401
    refreshes: 0, // refreshes that were granted
    refreshesRefused: 0,
    reuseDetected: 0, // refresh tokens that came a second time
  }
}
