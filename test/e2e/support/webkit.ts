import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WebKit } from '../../../scripts/find-browser.mjs'
import type { Engine, Tab } from './engine.js'
import { openWebDriver, type WebDriver } from './web-driver.js'

/** WebKitGTK's MiniBrowser, on a display of its own. Its driver looks at one tab at a time. */
export async function launchWebKit({ driver, browser, display }: WebKit): Promise<Engine> {
  const server = spawn(display, ['-displayfd', '3'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const screen = await firstLine(server.stdio[3] as Readable)
  const port = await freePort()
  const env = { ...process.env, DISPLAY: `:${screen}`, WEBKIT_DISABLE_DMABUF_RENDERER: '1' }
  const driving = spawn(driver, [`--port=${port}`], { env, stdio: 'ignore' })
  const driverUrl = `http://127.0.0.1:${port}`
  await untilAnswering(driverUrl)
  const session = await openWebDriver(driverUrl, {
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] },
  })
  const inTab = createTurns(session)
  const first = await session.send<string>('GET', '/window')
  let open = new Set<string>()

  async function isThere(handle: string): Promise<void> {
    const script =
      'const done = arguments[0]; const look = () => window.app ? app.ready().then(() => done()) : setTimeout(look, 20); look()'
    await inTab(handle, () => session.send('POST', '/execute/async', { script, args: [] }))
  }

  async function closeTab(handle: string): Promise<void> {
    open.delete(handle)
    await inTab(handle, () => session.send('DELETE', '/window'))
  }

  const tabOf = (handle: string): Tab => ({
    call: (name, ...args) => callInTab(session, inTab, handle, name, args) as never,
    async reload() {
      await inTab(handle, () => session.send('POST', '/refresh'))
      await isThere(handle)
    },
    close: () => closeTab(handle),
  })

  return {
    name: 'WebKit',
    async open(url) {
      const { handle } = await inTab(first, () =>
        session.send<{ handle: string }>('POST', '/window/new', { type: 'tab' }),
      )
      open.add(handle)
      await inTab(handle, () => session.send('POST', '/url', { url }))
      await isThere(handle)
      return tabOf(handle)
    },
    async closeTabs() {
      for (const handle of open) await closeTab(handle)
      open = new Set()
    },
    async close() {
      await session.send('DELETE', '').catch(() => {})
      driving.kill()
      server.kill()
    },
  }
}

type InTab = <T>(handle: string, work: () => Promise<T>) => Promise<T>

/** One after the other, each in the tab that it is meant for. */
function createTurns(session: WebDriver): InTab {
  let last: Promise<unknown> = Promise.resolve()
  return (handle, work) => {
    const turn = last.then(async () => {
      await session.send('POST', '/window', { handle })
      return work()
    })
    last = turn.catch(() => {})
    return turn
  }
}

/** Starts the call, and looks in on it now and then: to wait for it in the tab would keep the others waiting. */
async function callInTab(
  session: WebDriver,
  inTab: InTab,
  handle: string,
  name: string,
  args: readonly unknown[],
): Promise<unknown> {
  const id = Math.random().toString(36).slice(2)
  const run = <T>(script: string, args: unknown[]): Promise<T> =>
    inTab(handle, () => session.send<T>('POST', '/execute/sync', { script, args }))
  const begin = `
    const [id, name, args] = arguments
    const settle = (outcome) => { (window.outcomes ??= {})[id] = outcome }
    Promise.resolve(app[name](...args)).then((value) => settle({ value }), (error) => settle({ error: String(error) }))`
  await run(begin, [id, name, args])
  for (;;) {
    const outcome = await run<{ value?: unknown; error?: string } | null>(
      'return window.outcomes?.[arguments[0]] ?? null',
      [id],
    )
    if (outcome?.error !== undefined) throw new Error(outcome.error)
    if (outcome) return outcome.value
    await sleep(25)
  }
}

async function firstLine(stream: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stream) {
    text += chunk
    if (text.includes('\n')) break
  }
  return text.trim()
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function untilAnswering(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const reply = await fetch(`${url}/status`).catch(() => undefined)
    if (reply) return
    await sleep(100)
  }
  throw new Error('WebKitWebDriver does not answer')
}
