import { afterEach, describe, expect, test, vi } from 'vitest'
import { pageUrl } from '../../src/http/page-url.js'
import { createSession, memoryStore } from '../../src/index.js'
import { headerPair } from '../../src/servers.js'
import { whilePolluted } from '../support/polluted.js'

const page = 'http://app.test/'
const nowhere = 'about:blank'

afterEach(() => {
  vi.unstubAllGlobals()
  document.head.replaceChildren()
  for (const name of ['baseURI', 'defaultView']) Reflect.deleteProperty(document, name)
})

function setBase(href: string): void {
  const base = document.createElement('base')
  base.href = href
  document.head.append(base)
}

/** What an element of that name does to `document`, in browsers that give it there. */
function clobber(name: string, element: unknown): void {
  Object.defineProperty(document, name, { configurable: true, value: element })
}

const opened = (): string | undefined => {
  createSession({ refresh: headerPair({ url: '/refresh' }), store: memoryStore() }).dispose()
  return pageUrl()
}

describe('relative URLs', () => {
  test('are relative to the page, and to a <base> on its origin', () => {
    expect(pageUrl()).toBe(page)
    setBase('/deep/')
    expect(pageUrl()).toBe(`${page}deep/`)
  })

  test.each(['https://evil.test/', 'http://app.test.evil.test/', 'http://app.test:81/', '//evil.test'])(
    'are relative to nothing with a <base> that leads to %s',
    (href) => {
      setBase(href)
      expect(pageUrl()).toBe(nowhere)
    },
  )

  test('are relative to the page although elements are named like what is read of it', () => {
    clobber('baseURI', document.createElement('img'))
    clobber('defaultView', { origin: 'https://evil.test' })
    expect(opened()).toBe(page)
  })

  test('are relative to nothing for a foreign <base>, whatever elements are named', () => {
    setBase('https://evil.test/')
    clobber('baseURI', page)
    clobber('defaultView', { origin: 'https://evil.test' })
    expect(pageUrl()).toBe(nowhere)
  })

  test.each(['https://evil.test', '', undefined, 7])(
    'are relative to the page with `var origin = %j`',
    (origin) => {
      vi.stubGlobal('origin', origin)
      expect(opened()).toBe(page)
    },
  )

  test('are relative to nothing for a foreign <base> with a variable named origin', () => {
    vi.stubGlobal('origin', 'https://evil.test')
    setBase('https://evil.test/')
    expect(pageUrl()).toBe(nowhere)
  })

  test('are relative to nothing in a sandboxed frame, whose origin is opaque', () => {
    vi.stubGlobal('origin', 'null')
    expect(pageUrl()).toBe(nowhere)
  })

  test('are relative to the opener in a page that was made of a string', () => {
    vi.stubGlobal('location', { origin: 'null' })
    vi.stubGlobal('origin', 'http://app.test')
    expect(pageUrl()).toBe(page)
    vi.stubGlobal('origin', 'null')
    expect(pageUrl()).toBe(nowhere)
  })
})

describe('where a DOM is partly missing', () => {
  test('the document itself tells its base, without Node and without location', () => {
    vi.stubGlobal('Node', undefined)
    expect(opened()).toBe(page)
    vi.stubGlobal('document', { baseURI: 'https://shim.test/' })
    expect(pageUrl()).toBe(nowhere)
    vi.stubGlobal('location', undefined)
    expect(pageUrl()).toBe('https://shim.test/')
  })

  test.each([undefined, null, {}])('there is no page where the document is %j', (document) => {
    const real = globalThis.document
    vi.stubGlobal('document', document)
    try {
      expect(pageUrl()).toBeUndefined()
    } finally {
      vi.stubGlobal('document', real)
    }
  })

  test('in a worker it is that of the worker', () => {
    const real = globalThis.document
    vi.stubGlobal('document', undefined)
    vi.stubGlobal('WorkerGlobalScope', class {})
    vi.stubGlobal('location', { href: 'https://app.test/sw.js' })
    try {
      expect(pageUrl()).toBe('https://app.test/sw.js')
    } finally {
      vi.unstubAllGlobals()
      vi.stubGlobal('document', real)
    }
  })

  // A getter that throws for each request would take longer than the rest of it: Node, workers, React Native.
  test('nothing else of a page is asked for where there is no document', () => {
    const own = Object.getOwnPropertyDescriptor(globalThis, 'Node') as PropertyDescriptor
    const read = vi.fn()
    const real = globalThis.document
    vi.stubGlobal('document', undefined)
    Object.defineProperty(globalThis, 'Node', { configurable: true, get: read })
    try {
      expect(pageUrl()).toBeUndefined()
      expect(read).not.toHaveBeenCalled()
    } finally {
      Object.defineProperty(globalThis, 'Node', own)
      vi.stubGlobal('document', real)
    }
  })

  test('a polluted prototype makes no page', async () => {
    vi.stubGlobal('location', undefined)
    const own = Object.getOwnPropertyDescriptor(globalThis, 'document') as PropertyDescriptor
    Reflect.deleteProperty(globalThis, 'document')
    try {
      expect(await whilePolluted({ document: { baseURI: 'https://evil.test/' } }, pageUrl)).toBeUndefined()
    } finally {
      Object.defineProperty(globalThis, 'document', own)
    }
  })
})
