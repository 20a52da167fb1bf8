import { createBrowserEnvironment } from '../../../src/browser/browser-environment.js'
import { indexedDbStore, type StoredTokens, type TokenSet, webStorageStore } from '../../../src/index.js'

const name = 'hand-over'

/** Refreshes so many times, each time under the lock: by what most recipes say, or by what this library does. */
export async function handOver(kind: 'naive' | 'indexeddb' | 'local', times: number): Promise<void> {
  const one = kind === 'naive' ? naively : byLibrary(kind)
  for (let n = 0; n < times; n++) await one()
}

/** Lock, read, fetch, write, release. */
const naively = (): Promise<void> =>
  navigator.locks.request(name, async () => {
    const found = localStorage.getItem(name)
    localStorage.setItem(name, JSON.stringify(await rotate(found && JSON.parse(found))))
  })

function byLibrary(kind: 'indexeddb' | 'local'): () => Promise<void> {
  const { lock } = createBrowserEnvironment(name)
  const store = kind === 'local' ? webStorageStore('local', name) : indexedDbStore(name)
  return () =>
    lock(new AbortController().signal, async () => {
      const found = await store.read()
      const tokens = await rotate(found)
      if (found) {
        const next = { ...found, ...tokens, generation: found.generation + 1 }
        await (store.replace?.(found, next) ?? store.write(next))
      } else {
        const first = { version: 1, session: 'one', generation: 1, receivedAt: 1, expiresAt: null } as const
        await store.write({ ...first, ...tokens } as StoredTokens)
      }
    })
}

/** Signs in where there are no tokens yet. */
async function rotate(tokens: TokenSet | null): Promise<TokenSet> {
  const reply = tokens
    ? await fetch('/auth/refresh', {
        method: 'POST',
        headers: { Authorization: `Bearer ${tokens.accessToken}`, Refresh: tokens.refreshToken ?? '' },
      })
    : await fetch('/auth/sign-in?user=ada', { method: 'POST' })
  return reply.json()
}
