export interface Animation {
  /** Draws in the next frame, and then in each for as long as `draw` says that something still moves. */
  start(): void
}

export function createAnimation(draw: () => boolean): Animation {
  let frame: number | null = null

  function step(): void {
    frame = draw() ? requestAnimationFrame(step) : null
  }

  return {
    start() {
      if (frame === null) frame = requestAnimationFrame(step)
    },
  }
}
