// What runs in the tab whose guarded fetch sends bodies twice.
import { withSession } from '../../../src/fetch.js'
import { createSession, memoryStore } from '../../../src/index.js'
import { headerPair } from '../../../src/servers.js'

const form = (): FormData => {
  const form = new FormData()
  form.append('name', 'Ada')
  form.append('file', new Blob(['contents'], { type: 'text/plain' }), 'notes.txt')
  return form
}

const post = (body: BodyInit, more?: RequestInit): Request =>
  new Request('/echo', { method: 'POST', body, ...more })

const calls = {
  'text in an init': (): [RequestInfo, RequestInit?] => ['/echo', { method: 'POST', body: 'text' }],
  'a form in an init': (): [RequestInfo, RequestInit?] => ['/echo', { method: 'POST', body: form() }],
  'text in a Request': (): [RequestInfo] => [post('text')],
  'a Blob in a Request': (): [RequestInfo] => [post(new Blob(['bytes'], { type: 'image/png' }))],
  'a form in a Request': (): [RequestInfo] => [post(form())],
  'a Request that outlives the page': (): [RequestInfo] => [post('kept', { keepalive: true })],
  'a Request without a referrer': (): [RequestInfo] => [post('text', { referrerPolicy: 'no-referrer' })],
}
export type CallName = keyof typeof calls

async function openFetch() {
  const session = createSession({ refresh: headerPair({ url: '/auth/refresh' }), store: memoryStore() })
  await session.setTokens({ accessToken: 'access-0', refreshToken: 'refresh-0' })
  const api = withSession(fetch, session)
  return async (name: CallName): Promise<{ status: number; text: string }> => {
    const response = await api(...calls[name]())
    return { status: response.status, text: await response.text() }
  }
}

declare global {
  interface Window {
    openFetch: typeof openFetch
    call: Awaited<ReturnType<typeof openFetch>>
  }
}
window.openFetch = openFetch
