import type { Session } from '../../../src/index.js'

/** Sends a stream. It can be sent only once, so the token must be valid for the next minute. */
export async function upload(
  session: Session,
  api: typeof fetch,
  url: string,
  stream: ReadableStream,
  signal: AbortSignal,
): Promise<Response> {
  await session.getAccessToken({ signal, minValidityMs: 60_000 })
  const init = { method: 'POST', body: stream, duplex: 'half', signal }
  return api(url, init)
}
