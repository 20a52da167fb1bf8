// @vitest-environment node
import { Writable } from 'node:stream'
import { createElement, type ReactNode, Suspense, use } from 'react'
import { renderToPipeableStream } from 'react-dom/server'
import { expect, test } from 'vitest'
import { createSession, type Session } from '../../src/index.js'
import { useSession } from '../../src/react.js'
import { headerPair } from '../../src/servers.js'
import { countSubscribers } from '../support/counted-session.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

const refresh = headerPair({ url: 'https://api.example.com/auth/refresh' })

function Account({ session }: { session: Session }): ReactNode {
  const { status } = useSession(session)
  return status
}

/** Comes late in the stream, when the session has read its store. */
function LateAccount({ session, delay }: { session: Session; delay: Promise<void> }): ReactNode {
  use(delay)
  return createElement(Account, { session })
}

function render(node: ReactNode): Promise<string> {
  return new Promise((resolve, reject) => {
    let html = ''
    const sink = new Writable({
      write(chunk, _, done) {
        html += chunk
        done()
      },
    })
    sink.on('finish', () => resolve(html))
    const { pipe } = renderToPipeableStream(node, { onAllReady: () => pipe(sink), onError: reject })
  })
}

const withoutComments = (html: string): string => html.replace(/<!--.*?-->/g, '')

test('this is a server: there is no document', () => {
  expect('document' in globalThis).toBe(false)
})

test('what is rendered on the server is `loading`, early and late in the stream', async () => {
  const session = createSession({ refresh })
  await session.setTokens({ accessToken: unsignedJwt({ sub: 'ada' }) })
  const html = await render(
    createElement(
      Suspense,
      { fallback: 'waiting' },
      createElement(Account, { session }),
      ' ',
      createElement(LateAccount, { session, delay: session.ready }),
    ),
  )
  expect(withoutComments(html)).toBe('loading loading')
  session.dispose()
})

test('a session created while rendering opens nothing and subscribes to nothing', async () => {
  const look = () => ({
    globals: Reflect.ownKeys(globalThis),
    listeners: process.eventNames(),
    handles: process.getActiveResourcesInfo().filter((name) => !['Immediate', 'Timeout'].includes(name)),
  })
  const before = look()
  const session = createSession({ refresh })
  const counted = countSubscribers(session)
  await render(createElement(Account, { session: counted.session }))
  await session.ready
  expect(look()).toEqual(before)
  expect(counted.subscriptions).toBe(0)
})

test('two requests that are rendered at the same time share nothing, though their sessions have one name', async () => {
  const [adas, graces] = [createSession({ refresh }), createSession({ refresh })]
  await adas.setTokens({ accessToken: unsignedJwt({ sub: 'ada' }) })
  await Promise.all([adas, graces].map((session) => render(createElement(Account, { session }))))
  await graces.ready
  expect(graces.state).toEqual({ status: 'signed-out', reason: 'none' })
  expect(await graces.getAccessToken()).toBeNull()
})
