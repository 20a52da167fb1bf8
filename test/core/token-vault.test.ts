// @vitest-environment node
import { describe, expect, test, vi } from 'vitest'
import { guardStore, memoryStore, type TokenStore } from '../../src/core/token-store.js'
import { createTokenVault, type VaultChange } from '../../src/core/token-vault.js'
import type { StoredTokens } from '../../src/core/tokens.js'
import { deferred } from '../support/deferred.js'
import { createFakeChannels } from '../support/fake-channels.js'
import { createFakeEnvironment } from '../support/fake-environment.js'
import { settled } from '../support/settled.js'
import { storedRecord } from '../support/stored-record.js'
import { unsignedJwt } from '../support/unsigned-jwt.js'

function openVault(store: TokenStore = memoryStore()) {
  const environment = createFakeEnvironment({ channel: createFakeChannels()() })
  const changes: VaultChange[] = []
  const failures: unknown[] = []
  const guarded = guardStore(store, environment.clock, (failure) => failures.push(failure))
  const vault = createTokenVault(guarded, environment, (change) => changes.push(change))
  return { ...environment, vault, store, changes, failures }
}

const user = { accessToken: 'access-1', refreshToken: 'refresh-1', expiresIn: 900 }
const another = { accessToken: 'access-9', refreshToken: 'refresh-9', expiresIn: 900 }

/** A vault that holds what a sign-in brought; the record is what the store holds then. */
async function signedIn(store?: TokenStore) {
  const opened = openVault(store)
  await opened.vault.reread()
  await opened.vault.signIn(user)
  opened.changes.length = 0
  return { ...opened, record: opened.vault.tokens as StoredTokens }
}

describe('the first reading', () => {
  test('finds nobody', async () => {
    const { vault, changes } = openVault()
    expect(vault.isLoaded).toBe(false)
    await vault.reread()
    expect(vault.isLoaded).toBe(true)
    expect(vault.tokens).toBeNull()
    expect(changes).toEqual(['loaded'])
  })

  test('finds the user who was signed in before the reload, and believes another tab that ends it', async () => {
    const store = memoryStore()
    store.write(storedRecord())
    const { vault, changes } = openVault(store)
    await vault.reread()
    store.write(null)
    await vault.reread()
    expect(vault.tokens).toBeNull()
    expect(changes).toEqual(['loaded', 'signed-out-elsewhere'])
  })

  test('finds the user who was signed in before the reload', async () => {
    const store = memoryStore()
    store.write(storedRecord())
    const { vault, changes } = openVault(store)
    await vault.reread()
    expect(vault.tokens).toEqual(storedRecord())
    expect(changes).toEqual(['loaded'])
  })

  test('of a store that fails leaves nobody signed in, and the vault in use', async () => {
    const { vault } = openVault({
      read: () => Promise.reject(new Error()),
      write: () => Promise.reject(new Error()),
    })
    await vault.reread()
    expect(vault.isLoaded).toBe(true)
    await vault.signIn(user)
    expect(vault.tokens).toMatchObject({ accessToken: 'access-1' })
  })

  test.each(['sign-in', 'sign-out'])('that comes after a %s is history', async (act) => {
    const reading = deferred<StoredTokens | null>()
    const { vault } = openVault({ ...memoryStore(), read: () => reading.promise })
    const read = vault.reread()
    const acted = act === 'sign-in' ? vault.signIn(another) : vault.signOut()
    reading.resolve(storedRecord())
    await Promise.all([read, acted])
    expect(vault.tokens?.accessToken).toBe(act === 'sign-in' ? 'access-9' : undefined)
  })
})

describe('signing in', () => {
  test('takes effect at once, is stored, and tells the other tabs to look', async () => {
    const { vault, store, channel, clock, changes } = openVault()
    await vault.reread()
    const done = vault.signIn(user)
    expect(vault.tokens).toMatchObject({ accessToken: 'access-1', refreshToken: 'refresh-1', generation: 1 })
    expect(vault.tokens).toMatchObject({ receivedAt: clock.now(), expiresAt: clock.now() + 900_000 })
    await done
    expect(store.read()).toEqual(vault.tokens)
    expect(channel.posted).toEqual([{ type: 'changed' }])
    expect(changes).toEqual(['loaded', 'signed-in'])
  })

  test('makes a session of its own each time, even for the same tokens', async () => {
    const { vault } = openVault()
    await vault.signIn(user)
    const first = vault.tokens?.session
    await vault.signIn(user)
    expect(vault.tokens?.session).not.toBe(first)
  })

  test('that cannot be stored leaves no record of the user before', async () => {
    const store = memoryStore()
    const { vault } = openVault({
      ...store,
      write(tokens) {
        if (tokens?.accessToken === 'access-9') throw new Error('full')
        store.write(tokens)
      },
    })
    await vault.signIn(user)
    await vault.signIn(another)
    expect(vault.tokens?.accessToken).toBe('access-9')
    expect(store.read()).toBeNull()
  })

  test('that cannot be stored does not erase the record of the sign-in after it', async () => {
    const store = memoryStore()
    const failing = deferred<void>()
    const { vault } = openVault({
      ...store,
      write: (tokens) => (tokens?.accessToken === 'access-1' ? failing.promise : store.write(tokens)),
    })
    await vault.reread()
    const first = vault.signIn(user)
    const second = vault.signIn(another)
    failing.reject(new Error('full'))
    await Promise.all([first, second])
    expect(await store.read()).toMatchObject({ accessToken: 'access-9' })
  })

  test('that cannot be stored survives the next look at the store', async () => {
    const { vault } = openVault({
      read: () => null,
      write: () => {
        throw new Error('full')
      },
    })
    await vault.signIn(user)
    await vault.reread()
    expect(vault.tokens?.accessToken).toBe('access-1')
  })
})

describe('signing out', () => {
  test('takes effect at once, clears the store, and tells the other tabs to look', async () => {
    const { vault, store, channel, changes } = await signedIn()
    const done = vault.signOut()
    expect(vault.tokens).toBeNull()
    await done
    expect(store.read()).toBeNull()
    expect(channel.posted.at(-1)).toEqual({ type: 'changed' })
    expect(changes).toEqual(['signed-out'])
  })

  test('that cannot be stored is not undone by the next look at the store', async () => {
    const store = memoryStore()
    const { vault } = await signedIn({
      ...store,
      write(tokens) {
        if (!tokens) throw new Error('read-only')
        store.write(tokens)
      },
    })
    await vault.signOut()
    expect(store.read()).not.toBeNull()
    await vault.reread()
    expect(vault.tokens).toBeNull()
  })
})

describe('a renewal', () => {
  test('is stored as the next generation of the session, and tells the other tabs to look', async () => {
    const { vault, store, record, channel, clock, changes } = await signedIn()
    await vault.renew(
      record,
      { accessToken: 'access-2', refreshToken: 'refresh-2', expiresIn: 60 },
      clock.now(),
    )
    expect(vault.tokens).toEqual({
      ...record,
      generation: 2,
      accessToken: 'access-2',
      refreshToken: 'refresh-2',
      receivedAt: clock.now(),
      expiresAt: clock.now() + 60_000,
    })
    expect(store.read()).toEqual(vault.tokens)
    expect(channel.posted).toEqual([{ type: 'changed' }, { type: 'changed' }])
    expect(changes).toEqual(['renewed'])
  })

  test('without a refresh token keeps the one that is there', async () => {
    const { vault, record, clock } = await signedIn()
    await vault.renew(record, { accessToken: 'access-2' }, clock.now())
    expect(vault.tokens?.refreshToken).toBe('refresh-1')
  })

  test('counts the life of the token from when it was asked for', async () => {
    const { vault, record, clock } = await signedIn()
    const sentAt = clock.now()
    await clock.advance(5000)
    await vault.renew(record, { accessToken: 'access-2', expiresIn: 60 }, sentAt)
    expect(vault.tokens?.expiresAt).toBe(sentAt + 60_000)
  })

  test.each(['sign-out', 'sign-in of another user'])('that comes after a %s is dropped', async (act) => {
    const { vault, store, record, clock } = await signedIn()
    await (act === 'sign-out' ? vault.signOut() : vault.signIn(another))
    const [tokens, kept] = [vault.tokens, store.read()]
    await vault.renew(record, { accessToken: 'access-2' }, clock.now())
    expect(vault.tokens).toBe(tokens)
    expect(store.read()).toEqual(kept)
  })

  test('that is written while the user signs out is not kept', async () => {
    const writing = deferred<void>()
    const store = memoryStore()
    const { vault, record, clock } = await signedIn({
      ...store,
      async replace(_, next) {
        await writing.promise
        await store.write(next)
        return true
      },
    })
    const renewal = vault.renew(record, { accessToken: 'access-2' }, clock.now())
    const signOut = vault.signOut()
    writing.resolve()
    await Promise.all([renewal, signOut])
    expect(vault.tokens).toBeNull()
    expect(store.read()).toBeNull()
  })

  test('gives way to that of another tab', async () => {
    const { vault, store, record, clock, changes } = await signedIn()
    const theirs = { ...record, generation: 2, accessToken: 'theirs' }
    store.write(theirs)
    await vault.renew(record, { accessToken: 'ours' }, clock.now())
    expect(vault.tokens).toEqual(theirs)
    expect(store.read()).toEqual(theirs)
    expect(changes).toEqual(['adopted'])
  })

  test('does not bring back a session that another tab has ended', async () => {
    const { vault, store, record, clock, changes } = await signedIn()
    store.write(null)
    await vault.renew(record, { accessToken: 'access-2' }, clock.now())
    expect(vault.tokens).toBeNull()
    expect(store.read()).toBeNull()
    expect(changes).toEqual(['signed-out-elsewhere'])
  })

  test('that cannot be stored is kept in memory, and the spent record is removed', async () => {
    const store = memoryStore()
    const { vault, record, clock } = await signedIn({
      ...store,
      write(tokens) {
        if (tokens && tokens.generation > 1) throw new Error('full')
        store.write(tokens)
      },
    })
    await vault.renew(record, { accessToken: 'access-2', refreshToken: 'refresh-2' }, clock.now())
    expect(vault.tokens).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2' })
    expect(store.read()).toBeNull()
    await vault.reread()
    expect(vault.tokens?.accessToken).toBe('access-2')
  })

  test('that the store failed to take does not erase the record of a sign-in meanwhile', async () => {
    const replacing = deferred<boolean>()
    const replace = vi.fn(() => replacing.promise)
    const { vault, store, record, clock } = await signedIn({
      ...memoryStore(),
      replace,
    })
    const renewal = vault.renew(record, { accessToken: 'access-2' }, clock.now())
    const signIn = vault.signIn(another)
    replacing.reject(new Error('gone'))
    await Promise.all([renewal, signIn])
    expect(vault.tokens?.accessToken).toBe('access-9')
    expect(await store.read()).toMatchObject({ accessToken: 'access-9' })
    expect(replace, 'the sign-in comes first').toHaveBeenCalledTimes(1)
  })

  test('that the store failed to take is dropped where the user signs out before its record is gone', async () => {
    const removing = deferred<boolean>()
    const answers = [() => Promise.reject(new Error('full')), () => removing.promise]
    const { vault, record, clock, changes } = await signedIn({
      ...memoryStore(),
      replace: () => answers.shift()?.() ?? false,
    })
    const renewal = vault.renew(record, { accessToken: 'access-2' }, clock.now())
    await settled()
    expect(answers).toEqual([])
    const signOut = vault.signOut()
    removing.resolve(true)
    await Promise.all([renewal, signOut])
    expect(vault.tokens).toBeNull()
    expect(changes).toEqual(['signed-out'])
  })

  test('is not written where the user signs out while there is looked what the store holds', async () => {
    const looking = deferred<StoredTokens | null>()
    const kept = memoryStore()
    const store = { ...kept, replace: async () => false }
    const { vault, record, clock } = await signedIn(store)
    store.read = () => looking.promise
    const renewal = vault.renew(record, { accessToken: 'access-2' }, clock.now())
    await settled()
    const signOut = vault.signOut()
    looking.resolve(null)
    await Promise.all([renewal, signOut])
    expect(vault.tokens).toBeNull()
    expect(kept.read()).toBeNull()
  })

  test('of ours is no reason to pass over the next one of another tab', async () => {
    const { vault, record, store, clock, changes } = await signedIn()
    await vault.renew(record, { accessToken: 'access-2' }, clock.now())
    await store.write({ ...(vault.tokens as StoredTokens), generation: 3, accessToken: 'theirs' })
    await vault.reread()
    expect(vault.tokens?.accessToken).toBe('theirs')
    expect(changes).toEqual(['renewed', 'adopted'])
  })

  test('goes on in memory where the store keeps the record of a session that has ended', async () => {
    const stuck = storedRecord()
    const fail = (): never => {
      throw new Error('read-only')
    }
    const { vault, clock } = openVault({ read: () => stuck, write: fail })
    await vault.reread()
    await vault.signOut()
    await vault.signIn(another)
    await vault.renew(vault.tokens as StoredTokens, { accessToken: 'access-10' }, clock.now())
    expect(vault.tokens).toMatchObject({ accessToken: 'access-10', generation: 2 })
  })

  test('is stored where the sign-in was not', async () => {
    const store = memoryStore()
    let isFull = true
    const { vault, record, clock } = await signedIn({
      ...store,
      write(tokens) {
        if (isFull) throw new Error('full')
        store.write(tokens)
      },
    })
    isFull = false
    await vault.renew(record, { accessToken: 'access-2' }, clock.now())
    expect(await store.read()).toMatchObject({ generation: 2, accessToken: 'access-2' })
  })
})

describe('a renewal that brings tokens of another user', () => {
  const tokensOf = (sub?: string) => ({ accessToken: unsignedJwt({ sub }), refreshToken: 'refresh-1' })

  async function renewed(before: string | undefined, after: string | undefined) {
    const opened = openVault()
    await opened.vault.reread()
    await opened.vault.signIn(tokensOf(before))
    const record = opened.vault.tokens as StoredTokens
    opened.changes.length = 0
    await opened.vault.renew(record, tokensOf(after), 0)
    return { ...opened, record }
  }

  test('begins another session, as a sign-in does', async () => {
    const { vault, store, changes, record } = await renewed('ada', 'grace')
    expect(changes).toEqual(['signed-in'])
    expect(vault.tokens).toMatchObject({ ...tokensOf('grace'), generation: 1 })
    expect(vault.tokens?.session).not.toBe(record.session)
    expect(store.read()).toEqual(vault.tokens)
  })

  test.each([
    ['ada', 'ada'],
    ['ada', undefined],
    [undefined, 'ada'],
  ])('is not seen where %s is followed by %s', async (before, after) => {
    const { vault, changes, record } = await renewed(before, after)
    expect(changes).toEqual(['renewed'])
    expect(vault.tokens).toMatchObject({ session: record.session, generation: 2 })
  })

  test('is dropped where the user signs out while there is looked what another tab has done', async () => {
    const looking = deferred<StoredTokens | null>()
    const { vault, store } = openVault()
    await vault.reread()
    await vault.signIn(tokensOf('ada'))
    store.read = () => looking.promise
    const renewal = vault.renew(vault.tokens as StoredTokens, tokensOf('grace'), 0)
    const signOut = vault.signOut()
    looking.resolve(null)
    await Promise.all([renewal, signOut])
    expect(vault.tokens).toBeNull()
  })

  test('gives way to what another tab has done meanwhile', async () => {
    const { vault, store } = openVault()
    await vault.reread()
    await vault.signIn(tokensOf('ada'))
    const record = vault.tokens as StoredTokens
    const elsewhere = storedRecord({ session: 'elsewhere' })
    store.write(elsewhere)
    await vault.renew(record, tokensOf('grace'), 0)
    expect(vault.tokens).toEqual(elsewhere)
    expect(store.read()).toEqual(elsewhere)
  })
})

describe('the end, by the word of the server', () => {
  test('clears memory and store, and tells the other tabs so', async () => {
    const { vault, store, record, channel, changes } = await signedIn()
    await vault.end(record)
    expect(vault.tokens).toBeNull()
    expect(store.read()).toBeNull()
    expect(channel.posted.at(-1)).toEqual({ type: 'ended', session: record.session })
    expect(changes).toEqual(['expired'])
  })

  test('is none when another tab has renewed: its tokens are adopted', async () => {
    const { vault, store, record, channel, changes } = await signedIn()
    const theirs = { ...record, generation: 2, accessToken: 'theirs' }
    store.write(theirs)
    await vault.end(record)
    expect(vault.tokens).toEqual(theirs)
    expect(store.read()).toEqual(theirs)
    expect(channel.posted.map(({ type }) => type)).not.toContain('ended')
    expect(changes).toEqual(['adopted'])
  })

  test('of a user who has left does not touch the one who came', async () => {
    const { vault, store, record, changes } = await signedIn()
    await vault.signIn(another)
    await vault.end(record)
    expect(vault.tokens?.accessToken).toBe('access-9')
    expect(await store.read()).toMatchObject({ accessToken: 'access-9' })
    expect(changes).not.toContain('expired')
  })

  test('is the end where the store keeps an older record that it fails to forget, too', async () => {
    const { vault, record, store, clock } = await signedIn()
    await vault.renew(record, { accessToken: 'access-2' }, clock.now())
    Object.assign(store, { read: () => record, write: () => Promise.reject(new Error('read-only')) })
    await vault.end(vault.tokens as StoredTokens)
    expect(vault.tokens).toBeNull()
  })

  test('that the store does not take is not undone by the next look at it', async () => {
    const store = memoryStore()
    const { vault, record } = await signedIn({ ...store, replace: () => Promise.reject(new Error('gone')) })
    await vault.end(record)
    await vault.reread()
    expect(vault.tokens).toBeNull()
  })
})

describe('another tab', () => {
  test('that has renewed is believed', async () => {
    const { vault, store, record, changes } = await signedIn()
    store.write({ ...record, generation: 2, accessToken: 'theirs' })
    await vault.reread()
    expect(vault.tokens?.accessToken).toBe('theirs')
    expect(changes).toEqual(['adopted'])
  })

  test('with an older generation is not', async () => {
    const { vault, store, record, clock, changes } = await signedIn()
    await vault.renew(record, { accessToken: 'access-2' }, clock.now())
    store.write(record)
    await vault.reread()
    expect(vault.tokens?.accessToken).toBe('access-2')
    expect(changes).toEqual(['renewed'])
  })

  test('in which somebody else signed in is believed', async () => {
    const { vault, store, changes } = await signedIn()
    store.write(storedRecord({ session: 'theirs', accessToken: 'access-9' }))
    await vault.reread()
    expect(vault.tokens?.accessToken).toBe('access-9')
    expect(changes).toEqual(['switched'])
    store.write(null)
    await vault.reread()
    expect(vault.tokens, 'who signed in there may sign out there').toBeNull()
  })

  test('that signed out is believed', async () => {
    const { vault, store, changes } = await signedIn()
    store.write(null)
    await vault.reread()
    expect(vault.tokens).toBeNull()
    expect(changes).toEqual(['signed-out-elsewhere'])
  })

  test('that did nothing changes nothing', async () => {
    const { vault, changes } = await signedIn()
    const { tokens } = vault
    await vault.reread()
    expect(vault.tokens).toBe(tokens)
    expect(changes).toEqual([])
  })

  test('a store that cannot be read just now changes nothing', async () => {
    const store = memoryStore()
    let isGone = false
    const { vault, changes } = await signedIn({
      ...store,
      read: () => (isGone ? Promise.reject(new Error('gone')) : store.read()),
    })
    isGone = true
    await vault.reread()
    expect(vault.tokens?.accessToken).toBe('access-1')
    expect(changes).toEqual([])
  })
})

describe('forgetting the expiry', () => {
  test('leaves it to the server', async () => {
    const { vault, record, changes } = await signedIn()
    vault.forgetExpiry(record)
    expect(vault.tokens).toEqual({ ...record, expiresAt: null })
    expect(changes).toEqual(['expiry-unknown'])
  })

  test('of tokens that are no longer in hand does nothing', async () => {
    const { vault, record, changes } = await signedIn()
    await vault.signOut()
    vault.forgetExpiry(record)
    expect(vault.tokens).toBeNull()
    expect(changes).toEqual(['signed-out'])
  })
})

test('a write that was given up and landed after all counts as stored: a sign-out elsewhere is heard', async () => {
  const kept = memoryStore()
  const landing = deferred<void>()
  let isSlow = true
  const store: TokenStore = {
    read: () => kept.read(),
    write(tokens) {
      if (!isSlow) return kept.write(tokens)
      isSlow = false
      return landing.promise.then(() => kept.write(tokens))
    },
  }
  const { vault, clock, changes } = openVault(store)
  await vault.reread()
  const signIn = vault.signIn(user)
  await clock.advance(2001)
  await signIn
  landing.resolve()
  await clock.advance(1)
  await vault.reread()
  kept.write(null)
  await vault.reread()
  expect(vault.tokens).toBeNull()
  expect(changes).toEqual(['loaded', 'signed-in', 'signed-out-elsewhere'])
})

describe('signing in', () => {
  test('makes names that do not begin alike, and end with the time', async () => {
    const { vault, clock } = await signedIn()
    expect(vault.tokens?.session).not.toContain('.')
    expect(vault.tokens?.session.endsWith(clock.now().toString(36))).toBe(true)
  })

  test('that is stored leaves its record alone', async () => {
    const replace = vi.fn(async () => true)
    const { vault } = await signedIn({ ...memoryStore(), replace })
    await vault.signIn(another)
    expect(replace).not.toHaveBeenCalled()
  })

  test('without a refresh token keeps none', async () => {
    const { vault, store } = openVault()
    await vault.signIn({ accessToken: 'access-1' })
    expect(vault.tokens).not.toHaveProperty('refreshToken')
    expect(await store.read()).not.toHaveProperty('refreshToken')
  })

  test('is not undone by a reading that began before it', async () => {
    const reading = deferred<StoredTokens | null>()
    const { vault } = openVault({ ...memoryStore(), read: () => reading.promise })
    const looking = vault.reread()
    const signing = vault.signIn(user)
    reading.resolve(storedRecord())
    await Promise.all([looking, signing])
    expect(vault.tokens?.accessToken).toBe('access-1')
    expect(vault.tokens?.session).not.toBe('session-1')
  })
})

describe('signing out', () => {
  test('is not undone by a reading that began before it', async () => {
    const reading = deferred<StoredTokens | null>()
    const { vault, changes } = openVault({ ...memoryStore(), read: () => reading.promise })
    const looking = vault.reread()
    const leaving = vault.signOut()
    reading.resolve(storedRecord())
    await Promise.all([looking, leaving])
    expect(vault.tokens).toBeNull()
    expect(changes).toEqual(['signed-out'])
  })

  test('of nobody is no news', async () => {
    const { vault, changes } = openVault()
    await vault.reread()
    await vault.signOut()
    expect(changes).toEqual(['loaded'])
  })
})

describe('a renewal', () => {
  test('of tokens that are no longer in hand does not touch the store', async () => {
    const { vault, record, store } = await signedIn()
    await vault.signOut()
    const replace = vi.fn(async () => false)
    await store.write(record)
    Object.assign(store, { replace })
    await vault.renew(record, another, 0)
    expect(replace).not.toHaveBeenCalled()
    expect(vault.tokens).toBeNull()
  })

  test('that is stored leaves its record alone', async () => {
    const replace = vi.fn(async () => true)
    const { vault, record } = await signedIn({ ...memoryStore(), replace })
    await vault.renew(record, another, 0)
    expect(replace).toHaveBeenCalledTimes(1)
  })

  test('that is stored is believed to be gone when another tab has removed it', async () => {
    const { vault, record, store, changes } = await signedIn()
    await vault.renew(record, another, 0)
    await store.write(null)
    await vault.reread()
    expect(vault.tokens).toBeNull()
    expect(changes).toEqual(['renewed', 'signed-out-elsewhere'])
  })

  test('that is not stored is not told to the other tabs, for there is nothing to see', async () => {
    const { vault, record, channel } = await signedIn({
      ...memoryStore(),
      replace: async () => {
        throw new Error('full')
      },
    })
    const before = channel.posted.length
    await vault.renew(record, another, 0)
    expect(vault.tokens?.accessToken).toBe('access-9')
    expect(channel.posted).toHaveLength(before)
  })
})

test('the end is told to the other tabs before and after it is done, by name', async () => {
  const { vault, record, channel, store } = await signedIn()
  const told: number[] = []
  const kept = { ...store }
  Object.assign(store, {
    replace: async () => {
      told.push(channel.posted.length)
      await kept.write(null)
      return true
    },
  })
  const before = channel.posted.length
  await vault.end(record)
  const ended = { type: 'ended', session: record.session }
  expect(channel.posted.slice(before)).toEqual([ended, ended])
  expect(told).toEqual([before + 1])
})

test('the end is none when another tab renews while it is being stored', async () => {
  const { vault, record, store, changes } = await signedIn()
  Object.assign(store, {
    replace: async () => {
      await store.write({ ...record, generation: 2, accessToken: 'theirs' })
      return false
    },
  })
  await vault.end(record)
  expect(vault.tokens?.accessToken).toBe('theirs')
  expect(changes).toEqual(['adopted'])
})
