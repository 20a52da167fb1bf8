export interface Animation {
  /** Draws in the next frame, and then in each for as long as `draw` says that something still moves. */
  start(): void
}

/** Where somebody wants less motion, in steps. */
const calmStepMs = 300

export function createAnimation(draw: () => boolean): Animation {
  const calm = matchMedia('(prefers-reduced-motion: reduce)')
  let isDue = false

  function step(): void {
    isDue = draw()
    if (!isDue) return
    if (calm.matches) setTimeout(() => requestAnimationFrame(step), calmStepMs)
    else requestAnimationFrame(step)
  }

  return {
    start() {
      if (isDue) return
      isDue = true
      requestAnimationFrame(step)
    },
  }
}
