interface Request {
  name: string
  grant(): void
}

/**
 * The part of Web Locks that is in use here: exclusive locks, granted in order, `signal` for those that wait, `steal`
 * for those that must not. A grant is a task of its own, and a robbed holder's request rejects while its callback runs on.
 */
export interface FakeLockManager extends LockManager {
  /** How many wait for the lock of that name. */
  waiting(name: string): number
  isHeld(name: string): boolean
}

export function createFakeLockManager(): FakeLockManager {
  const held = new Map<string, { rob(): void }>()
  let queue: Request[] = []

  function serve(name: string): void {
    if (held.has(name)) return
    const next = queue.find((request) => request.name === name)
    if (!next) return
    queue = queue.filter((request) => request !== next)
    next.grant()
  }

  function request(
    name: string,
    options: LockOptions,
    callback: LockGrantedCallback<unknown>,
  ): Promise<unknown> {
    const { signal, steal } = options
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const own = {
        name,
        grant(): void {
          signal?.removeEventListener('abort', giveUp)
          const holding = { rob: () => reject(new DOMException('The lock was stolen', 'AbortError')) }
          held.set(name, holding)
          setImmediate(() => {
            Promise.resolve(callback({ name, mode: 'exclusive' }))
              .then(resolve, reject)
              .finally(() => {
                if (held.get(name) !== holding) return
                held.delete(name)
                serve(name)
              })
          })
        },
      }
      const giveUp = (): void => {
        queue = queue.filter((waiting) => waiting !== own)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', giveUp)
      if (steal) {
        held.get(name)?.rob()
        held.delete(name)
        queue.unshift(own)
      } else {
        queue.push(own)
      }
      serve(name)
    })
  }

  return {
    request: request as LockManager['request'],
    query: async () => ({
      held: [...held.keys()].map((name) => ({ name })),
      pending: queue.map(({ name }) => ({ name })),
    }),
    waiting: (name) => queue.filter((waiting) => waiting.name === name).length,
    isHeld: (name) => held.has(name),
  }
}
