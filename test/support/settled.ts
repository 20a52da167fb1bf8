// Taken before a test can replace the clock.
const { setImmediate } = globalThis

/**
 * Resolves when everything that needs no more time has happened: promises, and the turns of the event loop that a fake
 * IndexedDB takes for a transaction or two.
 */
export async function settled(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
}
