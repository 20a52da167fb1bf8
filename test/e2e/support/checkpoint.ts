/** A place where one side waits until the other lets it go on. */
export interface Checkpoint {
  /** Resolves when somebody waits there. */
  readonly reached: Promise<void>
  pass(): Promise<void>
  open(): void
}

export function createCheckpoint(): Checkpoint {
  let arrive = (): void => {}
  let open = (): void => {}
  const reached = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return {
    reached,
    pass() {
      arrive()
      return opened
    },
    open,
  }
}
