import { afterEach, describe, expect, test, vi } from 'vitest'
import { createPageLifecycle } from '../../src/browser/page-lifecycle.js'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

function listen() {
  const heard: string[] = []
  const stop = createPageLifecycle().listen((event) => heard.push(event))
  return { heard, stop }
}

const show = (state: DocumentVisibilityState): void => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state)
  document.dispatchEvent(new Event('visibilitychange'))
}
const transition = (type: string, persisted: boolean): boolean =>
  dispatchEvent(Object.assign(new Event(type), { persisted }))

const happenings: [string, () => unknown, string[]][] = [
  ['it is seen again', () => show('visible'), ['wake']],
  ['it is hidden', () => show('hidden'), []],
  ['it is frozen', () => document.dispatchEvent(new Event('freeze')), ['freeze']],
  ['it resumes', () => document.dispatchEvent(new Event('resume')), ['wake']],
  ['it comes back from the back-forward cache', () => transition('pageshow', true), ['wake']],
  ['it is shown for the first time', () => transition('pageshow', false), []],
  ['it goes into the back-forward cache', () => transition('pagehide', true), ['leave']],
  ['it is left for good', () => transition('pagehide', false), ['leave']],
  ['the network comes back', () => dispatchEvent(new Event('online')), ['online']],
  ['the network goes', () => dispatchEvent(new Event('offline')), []],
]

test.each(happenings)('a page is heard when %s', (_, happen, events) => {
  const { heard, stop } = listen()
  happen()
  expect(heard).toEqual(events)
  stop()
})

test('after its removal a listener hears nothing', () => {
  const { heard, stop } = listen()
  stop()
  stop()
  for (const [, happen] of happenings) happen()
  expect(heard).toEqual([])
})

test('nothing is listened to that keeps a page out of the back-forward cache', () => {
  const added = [vi.spyOn(globalThis, 'addEventListener'), vi.spyOn(document, 'addEventListener')]
  listen().stop()
  const types = added.flatMap((spy) => spy.mock.calls.map(([type]) => type as string))
  expect(types).toContain('pagehide')
  expect(types).not.toContain('unload')
  expect(types).not.toContain('beforeunload')
})

describe('the state of the page', () => {
  test.each([
    [true, true],
    [false, false],
    [undefined, true],
  ])('navigator.onLine %s: online %s', (onLine, isOnline) => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(onLine as boolean)
    expect(createPageLifecycle().isOnline()).toBe(isOnline)
  })

  test.each([
    ['visible', true],
    ['hidden', false],
    ['prerender', true],
  ])('%s counts as visible: %s', (state, isVisible) => {
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state as DocumentVisibilityState)
    expect(createPageLifecycle().isVisible()).toBe(isVisible)
  })

  test('in a place without a document it is visible and online, and there is nothing to hear', () => {
    vi.stubGlobal('document', undefined)
    vi.stubGlobal('navigator', undefined)
    const lifecycle = createPageLifecycle()
    const listener = vi.fn()
    const stop = lifecycle.listen(listener)
    dispatchEvent(new Event('online'))
    stop()
    expect([lifecycle.isOnline(), lifecycle.isVisible()]).toEqual([true, true])
    expect(listener).not.toHaveBeenCalled()
  })
})
