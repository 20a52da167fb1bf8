/** Milliseconds since the epoch by a clock that `skewClock` leaves alone, so that tabs can be drawn in one picture. */
export function realNow(): number {
  return performance.timeOrigin + performance.now()
}

/**
 * Makes every `Date` of this page wrong by `skewMs`, as on a machine with a wrong clock. To be called before the library
 * is loaded. Returns the way back from such an instant to the real one.
 */
export function skewClock(skewMs: number): void {
  if (skewMs === 0) return
  const RealDate = Date
  globalThis.Date = class extends RealDate {
    constructor(...given: [] | [string | number | Date]) {
      if (given.length === 0) super(RealDate.now() + skewMs)
      else super(...given)
    }

    static override now(): number {
      return RealDate.now() + skewMs
    }
  } as DateConstructor
}
