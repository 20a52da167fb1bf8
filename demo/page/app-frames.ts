import type { WorkerSideName } from '../backend/side-names.js'
import type { Client } from './clients/client.js'
import { realNow } from './clock.js'
import { type FramedApp, framedAppReady } from './framed-app.js'
import type { Exchange } from './model/exchange.js'
import { pageGone } from './model/lane.js'
import type { Recorder } from './model/recorder.js'
import type { Moment } from './model/run.js'
import { pause } from './pause.js'
import type { Wire } from './wire.js'
import { workerChannel } from './worker-channel.js'

const patienceMs = 15_000

/** Apps in hidden frames, one with a service worker and one without. */
export interface AppFrames {
  open(side: WorkerSideName): Promise<Client>
  /** They are needed no longer. */
  dismiss(): void
}

export interface AppFramesParts {
  wire: Wire
  recorder: Recorder
  onMoment(moment: Moment): void
  ownTab: string
  language: string
  startWorker(): Promise<void>
}

export function createAppFrames(parts: AppFramesParts): AppFrames {
  const { wire, recorder, onMoment, ownTab, language, startWorker } = parts
  const frames: HTMLIFrameElement[] = []
  let channel: BroadcastChannel | null = null

  /** What the worker sends is drawn as what the page sends is. */
  function hearWorker(): void {
    channel = new BroadcastChannel(workerChannel)
    channel.onmessage = ({ data }: MessageEvent<Exchange>) => wire.relay(data)
  }

  async function appIn(frame: HTMLIFrameElement, load: () => void): Promise<FramedApp> {
    const isReady = new AbortController()
    const hear = ({ source, data }: MessageEvent): void => {
      if (source === frame.contentWindow && data === framedAppReady) isReady.abort()
    }
    window.addEventListener('message', hear)
    load()
    await pause(patienceMs, isReady.signal)
    window.removeEventListener('message', hear)
    const app = frame.contentWindow?.framedApp
    if (!app) throw new Error('The app could not be opened in a frame')
    return app
  }

  return {
    async open(side) {
      if (side === 'with-worker') {
        await startWorker()
        hearWorker()
      }
      const frame = document.createElement('iframe')
      frame.hidden = true
      frame.src = new URL(`./?tab=app&side=${side}#lang=${language}`, document.baseURI).href
      frames.push(frame)
      let app = await appIn(frame, () => document.body.append(frame))
      let gone = new AbortController()
      const underWay = new Set<Exchange>()

      /** Nobody in a page that is gone can tell how its exchanges ended. */
      function breakOff(): void {
        for (const exchange of underWay) {
          wire.relay({ ...exchange, endedAt: realNow(), isCalledOff: true })
        }
        underWay.clear()
      }

      const note = (kind: Moment['kind']): void => onMoment({ side, kind, at: realNow(), tab: ownTab })
      const follow = (): void => {
        app.onExchange((exchange) => {
          if (exchange.endedAt === null) underWay.add(exchange)
          else underWay.delete(exchange)
          wire.relay(exchange)
        })
        app.onHeld((url) => recorder.noteHeld(side, url))
        app.onEnd(() => note('expired'))
      }
      follow()

      return {
        side,
        get standing() {
          return app.client.standing
        },
        get expiresInMs() {
          return app.client.expiresInMs
        },
        signIn: (username, password) => app.client.signIn(username, password),
        signOut: () => app.client.signOut(),
        endTokenEarly: () => app.client.endTokenEarly(),
        call(path, latencyMs) {
          const { signal } = gone
          const isGone = new Promise<never>((_, reject) => {
            signal.addEventListener('abort', () => reject({ code: pageGone }))
          })
          return Promise.race([app.client.call(path, latencyMs), isGone])
        },
        async reload() {
          note('reloaded')
          app = await appIn(frame, () => {
            frame.contentWindow?.location.reload()
            gone.abort()
            gone = new AbortController()
            breakOff()
          })
          // What the old page still sent while it was left.
          breakOff()
          follow()
        },
      }
    },

    dismiss() {
      channel?.close()
      channel = null
      for (const frame of frames.splice(0)) frame.remove()
    },
  }
}
