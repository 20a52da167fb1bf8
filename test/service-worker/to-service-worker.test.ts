import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isAuthError } from '../../src/core/errors.js'
import { toServiceWorker } from '../../src/service-worker.js'
import { createManualClock } from '../support/manual-clock.js'
import { portsDelivered } from '../support/ports-delivered.js'

const version = { session: 'one', generation: 3 }

/** What the page's controller was asked, and how it answers. */
function control() {
  const asked: { data: unknown; port: MessagePort }[] = []
  const controller = {
    postMessage: (data: unknown, [port]: MessagePort[]) =>
      void asked.push({ data, port: port as MessagePort }),
  }
  Object.defineProperty(navigator, 'serviceWorker', { value: { controller }, configurable: true })
  return { asked, controller }
}

afterEach(() => void Reflect.deleteProperty(navigator, 'serviceWorker'))

describe('a page hands its refresh over', () => {
  let clock: ReturnType<typeof createManualClock>
  const { signal } = new AbortController()
  beforeEach(() => {
    clock = createManualClock()
  })

  test('with the version of its tokens, and without the tokens', async () => {
    const { asked } = control()
    const tokens = { ...version, accessToken: 'secret', refreshToken: 'secret' }
    const answer = toServiceWorker()(tokens, { clock, signal })
    expect(asked[0]?.data).toEqual({ latchkey: 'refresh', v: 1, ...version })
    asked[0]?.port.postMessage({ type: 'done' })
    expect(await answer).toBeUndefined()
    expect(clock.armed).toEqual([])
  })

  test('and waits for as long as the worker says that it is at work', async () => {
    const { asked } = control()
    let isDone = false
    const answer = toServiceWorker()(version, { clock, signal }).then(() => {
      isDone = true
    })
    for (let time = 0; time < 20; time++) {
      asked[0]?.port.postMessage({ type: 'alive' })
      await portsDelivered()
      await clock.advance(900)
    }
    expect(isDone).toBe(false)
    asked[0]?.port.postMessage({ type: 'done' })
    await answer
  })

  test('and goes on by itself when the worker says nothing for a second', async () => {
    control()
    const answer = toServiceWorker()(version, { clock, signal })
    await clock.advance(999)
    expect(clock.armed).not.toEqual([])
    await clock.advance(1)
    expect(await answer).toBeUndefined()
  })

  test('and does not wait for the same silent worker again, until it speaks', async () => {
    const { asked } = control()
    const handOver = toServiceWorker()
    const first = handOver(version, { clock, signal })
    await clock.advance(1000)
    await first
    expect(await handOver(version, { clock, signal })).toBeUndefined()
    expect(asked).toHaveLength(1)
    asked[0]?.port.postMessage({ type: 'done' })
    await portsDelivered()
    const again = handOver(version, { clock, signal })
    expect(asked).toHaveLength(2)
    asked[1]?.port.postMessage({ type: 'done' })
    await again
  })

  test('and waits for another worker that takes the place of a silent one', async () => {
    control()
    const handOver = toServiceWorker()
    const first = handOver(version, { clock, signal })
    await clock.advance(1000)
    await first
    const { asked } = control()
    const second = handOver(version, { clock, signal })
    asked[0]?.port.postMessage({ type: 'done' })
    await second
    expect(asked).toHaveLength(1)
  })

  test('and learns how it failed', async () => {
    const { asked } = control()
    const answer = toServiceWorker()(version, { clock, signal })
    asked[0]?.port.postMessage({ type: 'failed', code: 'REFRESH_FAILED', message: 'no network', status: 503 })
    const outcome = await answer
    expect(outcome).toMatchObject({ kind: 'retry', isSpent: true, error: { status: 503, retryable: true } })
    expect(isAuthError(outcome && 'error' in outcome && outcome.error, 'REFRESH_FAILED')).toBe(true)
  })

  test.each([
    { type: 'failed', code: 'SESSION_EXPIRED', message: 'no' },
    { type: 'failed', code: { toString: null }, message: 'no' },
    { type: 'failed' },
  ])('and believes no other failure: %j', async (message) => {
    const { asked } = control()
    const answer = toServiceWorker()(version, { clock, signal })
    asked[0]?.port.postMessage(message)
    expect(await answer).toBeUndefined()
  })

  test('and gives up with the flight', async () => {
    control()
    const flight = new AbortController()
    const answer = toServiceWorker()(version, { clock, signal: flight.signal })
    flight.abort('enough')
    await expect(answer).rejects.toBe('enough')
    expect(clock.armed).toEqual([])
  })

  test('and gives up with the flight while the worker is at work, too', async () => {
    const { asked } = control()
    const flight = new AbortController()
    const answer = toServiceWorker()(version, { clock, signal: flight.signal })
    asked[0]?.port.postMessage({ type: 'alive' })
    await portsDelivered()
    flight.abort('enough')
    await expect(answer).rejects.toBe('enough')
    expect(clock.armed).toEqual([])
  })

  test('to nobody, where the worker cannot be reached', async () => {
    const { controller } = control()
    controller.postMessage = () => {
      throw new DOMException('gone', 'InvalidStateError')
    }
    expect(await toServiceWorker()(version, { clock, signal })).toBeUndefined()
    expect(clock.armed).toEqual([])
  })

  test.each([
    ['without service workers', undefined],
    ['without a controller', { controller: null }],
  ])('to nobody, %s', async (_, serviceWorker) => {
    if (serviceWorker)
      Object.defineProperty(navigator, 'serviceWorker', { value: serviceWorker, configurable: true })
    expect(await toServiceWorker()(version, { clock, signal })).toBeUndefined()
    expect(clock.armed).toEqual([])
  })
})
