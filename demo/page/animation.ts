export interface Animation {
  /** Draws now, and then in each frame for as long as `draw` says that something still moves. */
  start(): void
}

export function createAnimation(draw: () => boolean): Animation {
  let frame = 0

  function step(): void {
    cancelAnimationFrame(frame)
    if (draw()) frame = requestAnimationFrame(step)
  }

  return { start: step }
}
