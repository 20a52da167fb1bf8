// The page of an app with a service worker. Tests call `window.app`.
import { withSession } from '../../../src/fetch.js'
import type { SessionEvent } from '../../../src/index.js'
import { openSession } from './worker-session.js'

const session = openSession(new URLSearchParams(location.search).has('handOver'))
const api = withSession(fetch, session)
const happened: SessionEvent['type'][] = []
session.on(({ type }) => happened.push(type))

const controlled = (): Promise<void> =>
  new Promise((resolve) => {
    const { serviceWorker } = navigator
    if (serviceWorker.controller) return resolve()
    serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true })
  })

const settles = (element: HTMLElement & { src: string }, src: string, good: string): Promise<string> =>
  new Promise((resolve) => {
    element.addEventListener(good, () => resolve('loaded'), { once: true })
    element.addEventListener('error', () => resolve('failed'), { once: true })
    element.src = src
    document.body.append(element)
  })

let source: EventSource | undefined
let video: HTMLVideoElement | undefined
const streamed: string[] = []
let reader: ReadableStreamDefaultReader<Uint8Array> | undefined

const load = Math.random().toString(36).slice(2)

const app = {
  /** This very load of the page. */
  load: () => load,
  /** The user clicks a link. */
  follow(href: string): void {
    const link = Object.assign(document.createElement('a'), { href })
    document.body.append(link)
    link.click()
  },
  /** What Firefox has kept of `reload(true)`: as by Shift and Reload, past the worker as well. */
  reloadPastCaches(): void {
    const reload = location.reload as (isForced: boolean) => void
    reload.call(location, true)
  },
  ready: () => session.ready,
  async signIn(user: string): Promise<void> {
    const reply = await fetch(`/auth/sign-in?user=${user}`, { method: 'POST' })
    await session.setTokens(await reply.json())
  },
  /** What the app does first for its user is to ask for a file. */
  async signInAndFetch(user: string, src: string): Promise<string> {
    await app.signIn(user)
    return app.fetch(src)
  },
  signOut: () => session.signOut(),
  status: (): string => {
    const { state } = session
    return state.status === 'signed-out' ? `signed-out: ${state.reason}` : state.status
  },
  told: (): string[] => happened.filter((type) => !type.startsWith('request-')),
  refresh: () =>
    session.refresh().then(
      () => 'refreshed',
      ({ code }) => String(code),
    ),
  /** A guarded call of the API: the user's name, or what went wrong. */
  async get(path = '/api/me'): Promise<string> {
    try {
      const reply = await api(path)
      return reply.ok ? (await reply.json()).user : String(reply.status)
    } catch (error) {
      return String((error as { code?: unknown }).code ?? error)
    }
  },

  async register(query: string, scope = '/', script = '/sw.js'): Promise<void> {
    await navigator.serviceWorker.register(`${script}?${query}`, { scope, updateViaCache: 'none' })
  },
  controlled,
  isControlled: () => navigator.serviceWorker.controller !== null,
  async unregister(): Promise<void> {
    for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister()
  },
  async update(): Promise<void> {
    for (const each of await navigator.serviceWorker.getRegistrations()) await each.update()
  },
  async workers(): Promise<string[]> {
    const all = await navigator.serviceWorker.getRegistrations()
    return all
      .flatMap(({ active, waiting }) => [active && 'active', waiting && 'waiting'])
      .filter((one) => !!one) as string[]
  },

  /** What lies in the caches of this origin, by its path. */
  async cached(): Promise<string[]> {
    const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))
    return all.flat().map(({ url }) => new URL(url).pathname)
  },

  /** A frame with the app, and what that tells of itself. */
  embed: (src: string) =>
    new Promise<string>((resolve) => {
      window.addEventListener('message', ({ data }) => resolve(data), { once: true })
      document.body.append(Object.assign(document.createElement('iframe'), { src }))
    }),
  image: (src: string) => settles(new Image(), src, 'load'),
  images: (srcs: string[]) => Promise.all(srcs.map((src) => app.image(src))),
  crossOriginImage(src: string): Promise<string> {
    const image = new Image()
    image.crossOrigin = 'anonymous'
    return settles(image, src, 'load')
  },
  background(src: string): void {
    const box = document.createElement('div')
    box.style.cssText = `width: 9px; height: 9px; background-image: url(${src})`
    document.body.append(box)
  },
  frame: (src: string) =>
    settles(document.createElement('iframe'), src, 'load').then(
      () => document.querySelector('iframe')?.contentDocument?.body.textContent ?? 'nothing',
    ),
  async fetch(src: string, init?: RequestInit): Promise<string> {
    try {
      const reply = await fetch(src, init)
      return `${reply.status} ${await reply.text()}`
    } catch (error) {
      return (error as Error).name
    }
  },

  video(src: string): Promise<string> {
    video = document.createElement('video')
    // Without it, Firefox sends media of another origin past the worker.
    video.crossOrigin = 'anonymous'
    video.preload = 'metadata'
    return settles(video, src, 'loadedmetadata')
  },
  seek: (seconds: number) =>
    new Promise<string>((resolve) => {
      if (!video) return resolve('no video')
      video.addEventListener('seeked', () => resolve(`at ${video?.currentTime}`), { once: true })
      video.addEventListener('error', () => resolve('failed'), { once: true })
      video.currentTime = seconds
    }),

  listen(src: string): void {
    source = new EventSource(src)
    source.onmessage = ({ data }) => streamed.push(data)
  },
  streamed: () => streamed.length,
  silence: () => source?.close(),

  /** Reads the beginning of a stream, and then no more. */
  async beginDownload(src: string): Promise<number> {
    reader = (await fetch(src)).body?.getReader()
    return (await reader?.read())?.value?.length ?? 0
  },
  async endDownload(): Promise<number> {
    let length = 0
    for (;;) {
      const piece = await reader?.read()
      if (!piece || piece.done) return length
      length += piece.value.length
    }
  },
}

export type WorkerApp = typeof app
window.app = app as never
if (window.parent !== window) {
  await session.ready
  const { controller } = navigator.serviceWorker
  window.parent.postMessage(`${app.status()}, ${controller ? 'controlled' : 'not controlled'}`, '*')
}
