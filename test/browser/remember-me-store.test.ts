import { afterEach, describe, expect, test, vi } from 'vitest'
import type { StoredTokens } from '../../src/core/tokens.js'
import { createSession, memoryStore, rememberMeStore, type TokenStore } from '../../src/index.js'
import { cookie, jsonRefresh } from '../../src/servers.js'
import { useBackend } from '../support/backend.js'
import { guard, openSession } from '../support/guarded-api.js'

const backend = useBackend()
const tokens = { accessToken: 'access-1', refreshToken: 'refresh-1' }

/** As a disk that outlives the pages; a page is a session of its own. */
function openDisk() {
  const disk = { record: null as StoredTokens | null }
  const inner: TokenStore = {
    read: () => disk.record,
    write(record) {
      disk.record = record
    },
    replace(expected, next) {
      const isExpected = disk.record?.session === expected.session
      if (isExpected) disk.record = next
      return isExpected
    },
  }
  const open = (refresh = jsonRefresh({ url: 'http://app.test/auth/refresh' })) =>
    openSession({ refresh, store: rememberMeStore(inner) })
  return Object.assign(disk, { inner, open })
}

/** What the browser itself does when it is closed. */
function closeBrowser(): void {
  for (const each of document.cookie.split('; ')) {
    const name = each.slice(0, each.indexOf('='))
    // biome-ignore lint/suspicious/noDocumentCookie: the store uses it, too
    document.cookie = `${name}=; Path=/; Max-Age=0`
  }
  sessionStorage.clear()
}

afterEach(() => {
  vi.restoreAllMocks()
  closeBrowser()
})

async function statusAfterLoad(session = openDisk().open()): Promise<string> {
  await session.ready
  return session.state.status
}

describe('a sign-in that is not to be remembered', () => {
  test('is there after a reload, and in another tab', async () => {
    const disk = openDisk()
    await disk.open().setTokens(tokens, { remember: false })
    expect(await statusAfterLoad(disk.open())).toBe('signed-in')
  })

  test('is gone when the browser was closed, and its tokens with it', async () => {
    const disk = openDisk()
    await disk.open().setTokens(tokens, { remember: false })
    closeBrowser()
    expect(await statusAfterLoad(disk.open())).toBe('signed-out')
    expect(disk.record).toBeNull()
  })

  test('is so after a refresh too, in whatever tab that was', async () => {
    const disk = openDisk()
    await disk.open().setTokens(tokens, { remember: false })
    const other = disk.open()
    backend.renew = () => Response.json({ accessToken: 'access-2', refreshToken: 'refresh-2' })
    await other.refresh()
    expect(disk.record).toMatchObject({ accessToken: 'access-2', remember: false })
    closeBrowser()
    expect(await statusAfterLoad(disk.open())).toBe('signed-out')
  })

  test('stays in a tab that is open where somebody removes the cookie', async () => {
    const disk = openDisk()
    await disk.open().setTokens(tokens, { remember: false })
    const other = disk.open()
    await other.ready
    closeBrowser()
    dispatchEvent(new Event('online'))
    await other.getAccessToken()
    expect(other.state.status).toBe('signed-in')
    expect(await statusAfterLoad(disk.open())).toBe('signed-in')
  })

  test('is there after a reload where the page can have no cookies', async () => {
    vi.spyOn(document, 'cookie', 'get').mockReturnValue('')
    const disk = openDisk()
    await disk.open().setTokens(tokens, { remember: false })
    expect(await statusAfterLoad(disk.open())).toBe('signed-in')
    closeBrowser()
    expect(await statusAfterLoad(disk.open())).toBe('signed-out')
  })

  test('shows no token in the mark', async () => {
    await openDisk().open().setTokens(tokens, { remember: false })
    expect(document.cookie).toBe('latchkey-open-latchkey=1')
  })

  test('is no more for a cookie at the start either: the server is told instead', async () => {
    const signOut = vi.fn()
    const refresh = { ...cookie({ url: 'http://app.test/auth/refresh', signOut: '/auth/logout' }), signOut }
    const disk = openDisk()
    const first = disk.open(refresh)
    await first.setTokens({ accessToken: 'access-1' }, { remember: false })
    closeBrowser()
    backend.renew = () => Response.json({ accessToken: 'access-9' })
    const asked = backend.refreshes.length
    expect(await statusAfterLoad(disk.open(refresh))).toBe('signed-out')
    expect(backend.refreshes).toHaveLength(asked)
    expect(signOut).toHaveBeenCalledWith(expect.objectContaining({ accessToken: '' }))
  })
})

describe('the next sign-in chooses anew', () => {
  test.each([{ remember: true }, {}, undefined])('by %j for a session that stays', async (choice) => {
    const disk = openDisk()
    const session = disk.open()
    await session.setTokens(tokens, { remember: false })
    await session.setTokens(tokens, choice)
    closeBrowser()
    expect(disk.record).not.toHaveProperty('remember')
    expect(await statusAfterLoad(disk.open())).toBe('signed-in')
  })

  test('for one that goes', async () => {
    const disk = openDisk()
    const session = disk.open()
    await session.setTokens(tokens)
    await session.setTokens(tokens, { remember: false })
    closeBrowser()
    expect(await statusAfterLoad(disk.open())).toBe('signed-out')
  })
})

test('a session that is remembered needs no mark, and sets none', async () => {
  const disk = openDisk()
  await disk.open().setTokens(tokens)
  expect(document.cookie).toBe('')
  expect(await statusAfterLoad(disk.open())).toBe('signed-in')
})

test('a store that cannot forget refuses the choice, and nothing has changed', async () => {
  const session = openSession({ store: memoryStore() })
  await expect(session.setTokens(tokens, { remember: false })).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    message: expect.stringContaining('rememberMeStore()'),
  })
  expect(session.state.status).not.toBe('signed-in')
})

test('a store without compare-and-set will do', async () => {
  const { inner } = openDisk()
  const { read, write } = inner
  const open = () =>
    openSession({
      refresh: jsonRefresh({ url: 'http://app.test/auth/refresh' }),
      store: rememberMeStore({ read, write }),
    })
  await open().setTokens(tokens, { remember: false })
  expect(await statusAfterLoad(open())).toBe('signed-in')
  closeBrowser()
  expect(await statusAfterLoad(open())).toBe('signed-out')
})

test('by default it is IndexedDB that keeps them, or memory where there is none', async () => {
  const session = createSession({
    refresh: jsonRefresh({ url: 'http://app.test/auth/refresh' }),
    store: rememberMeStore(),
  })
  await session.setTokens(tokens, { remember: false })
  const api = guard(session)
  expect((await api.get('/me')).status).toBe(200)
  await session.signOut()
  session.dispose()
})
