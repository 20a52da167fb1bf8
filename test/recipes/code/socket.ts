import type { Session } from '../../../src/index.js'

/** The server closes a socket with this code when its token has expired; 4000 to 4999 are for applications. */
const tokenExpired = 4401

/** Keeps a WebSocket open until `signal` aborts or nobody is signed in. */
export async function keepOpen(
  session: Session,
  url: string,
  onMessage: (data: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const token = await session.getAccessToken({ signal })
    if (token === null) return
    const socket = new WebSocket(url)
    const close = (): void => socket.close()
    signal.addEventListener('abort', close)
    // The first message, not the URL: URLs end up in logs.
    socket.onopen = () => socket.send(token)
    socket.onmessage = ({ data }) => onMessage(data)
    const code = await new Promise<number>((resolve) => {
      socket.onclose = (event) => resolve(event.code)
    })
    signal.removeEventListener('abort', close)
    if (signal.aborted) return
    if (code !== tokenExpired) await new Promise((resolve) => setTimeout(resolve, 1000))
    // Unless another socket has refreshed it by now.
    else if (token === (await session.getAccessToken({ signal }))) await session.refresh({ signal })
  }
}
