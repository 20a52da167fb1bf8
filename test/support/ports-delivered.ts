/** Resolves when what was posted to any port so far has been handled: a port of its own gets its messages after those. */
export async function portsDelivered(): Promise<void> {
  // Ports with messages take turns within one round of the event loop, so the next round comes after all of them.
  for (let round = 0; round < 2; round++) {
    const { port1, port2 } = new MessageChannel()
    await new Promise((resolve) => {
      port1.onmessage = resolve
      port2.postMessage(null)
    })
    port1.close()
  }
}
