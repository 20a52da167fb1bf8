// A page as a framework for server rendering has it: streamed from a server, taken over by the browser.
import { Writable } from 'node:stream'
import { createElement, type ReactNode, Suspense, use } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToPipeableStream } from 'react-dom/server'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Session } from '../../src/index.js'
import { useSession } from '../../src/react.js'
import { deferred } from '../support/deferred.js'
import { openSession } from '../support/guarded-api.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

function Greeting({ session }: { session: Session }): ReactNode {
  const state = useSession(session)
  return createElement('p', null, state.status === 'signed-in' ? `Hello, ${state.claims?.sub}` : state.status)
}

/** Comes late in the stream. */
function Late({ session, data }: { session: Session; data: Promise<string> }): ReactNode {
  return [use(data), createElement(Greeting, { session, key: 'greeting' })]
}

const page = (session: Session, data: Promise<string>): ReactNode =>
  createElement(
    'html',
    null,
    createElement(
      'body',
      null,
      createElement(Greeting, { session }),
      createElement(Suspense, { fallback: 'waiting' }, createElement(Late, { session, data })),
    ),
  )

/** What the server sends, from the shell to the end. */
function streamed(node: ReactNode, onShellSent: () => void): Promise<string> {
  return new Promise((resolve, reject) => {
    let html = ''
    const sink = new Writable({
      write(chunk, _, done) {
        html += chunk
        done()
        onShellSent()
      },
    })
    sink.on('finish', () => resolve(html))
    const { pipe } = renderToPipeableStream(node, { onShellReady: () => pipe(sink), onError: reject })
  })
}

/** Loads the page, and runs what React sends along to put its late parts in their places. */
function load(html: string): void {
  document.open()
  document.write(html)
  document.close()
}

test('a page that was streamed while nobody could know who is signed in is taken over without a mismatch', async () => {
  const server = openSession()
  const news = deferred<string>()
  const html = await streamed(page(server, news.promise), () => news.resolve('news '))
  expect(html).toContain('waiting')

  load(html)
  const shown = () => [...document.querySelectorAll('p')].map(({ textContent }) => textContent)
  await vi.waitFor(() => expect(shown()).toEqual(['loading', 'loading']), 5000)
  const session = openSession()
  await session.setTokens({ accessToken: unsignedJwt({ sub: 'ada' }) })
  const streamedElements = [...document.querySelectorAll('p')]
  const mismatches: unknown[] = []
  const root = hydrateRoot(document, page(session, Promise.resolve('news ')), {
    onRecoverableError: (error) => mismatches.push(error),
  })
  onTestFinished(() => root.unmount())
  await vi.waitFor(() => expect(shown()).toEqual(['Hello, ada', 'Hello, ada']))
  expect([...document.querySelectorAll('p')]).toEqual(streamedElements)
  expect(mismatches).toEqual([])
})
