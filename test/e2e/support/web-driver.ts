/** One browser session of the W3C WebDriver protocol: what the tests need of it. */
export interface WebDriver {
  /** Sends one command to the session. */
  send<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T>
}

export async function openWebDriver(driverUrl: string, capabilities: unknown): Promise<WebDriver> {
  const body = { capabilities: { alwaysMatch: capabilities } }
  const { sessionId } = await command<{ sessionId: string }>(`${driverUrl}/session`, 'POST', body)
  return { send: (method, path, body) => command(`${driverUrl}/session/${sessionId}${path}`, method, body) }
}

async function command<T>(url: string, method: string, body?: unknown): Promise<T> {
  const reply = await fetch(url, {
    method,
    ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : undefined),
  })
  const { value } = (await reply.json()) as { value: T & { error?: string; message?: string } }
  if (!reply.ok) throw new Error(`${method} ${url}: ${value?.error} ${value?.message}`)
  return value
}
