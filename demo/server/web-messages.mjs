/** Express's request as the web standard has it, which the backend understands. The body must have been read as text. */
export function toWebRequest(request) {
  const { method, body, originalUrl } = request
  const hasBody = method !== 'GET' && method !== 'HEAD' && typeof body === 'string' && body !== ''
  return new Request(new URL(originalUrl, 'http://127.0.0.1'), {
    method,
    headers: new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    ...(hasBody && { body }),
  })
}

/**
 * Writes the backend's answer. One that stands for a broken connection breaks off in the middle: if not a byte had come,
 * the browser would send the request a second time by itself.
 */
export async function writeWebResponse(answer, response) {
  if (answer.type === 'error') {
    response.status(200).set({ 'Content-Type': 'application/json', 'Content-Length': '200' })
    return response.write('{', () => response.socket?.destroy())
  }
  response.status(answer.status)
  for (const [name, value] of answer.headers) response.set(name, value)
  response.end(Buffer.from(await answer.arrayBuffer()))
}
