import { fieldOf, ownFields } from '../core/own-fields.js'
import type { TokenStore } from '../core/token-store.js'
import type { StoredTokens } from '../core/tokens.js'
import { defaultStore } from './default-store.js'
import { createOpenMark } from './open-mark.js'

/**
 * A store for "Remember me": what is signed in by `setTokens(tokens, { remember: false })` is gone when the browser is
 * closed. Until then tabs share it, and reloads keep it. The next sign-in chooses anew.
 *
 * The record says so itself, and a mark says that the browser is still the same: a session cookie, which holds no token. A
 * record that is found without the mark is removed, unread.
 *
 * @param store where the tokens are kept: a store that outlives the page
 */
export function rememberMeStore(
  store: TokenStore | ((name: string) => TokenStore) = defaultStore,
): (name: string) => TokenStore {
  return (name) => {
    const inner = typeof store === 'function' ? store(name) : store
    const mark = createOpenMark(name)
    /** The sessions that end with the browser. */
    const passing = new Set<string>()
    let isRemembered = true

    function labelled(record: StoredTokens | null): StoredTokens | null {
      return record && passing.has(record.session) ? ownFields({ ...record, remember: false }) : record
    }

    return ownFields<TokenStore>({
      async read() {
        const record = await inner.read()
        if (!record || fieldOf(record, 'remember') !== false) return record
        if (mark.isThere()) {
          passing.add(record.session)
          return record
        }
        await (inner.replace ? inner.replace(record, null) : inner.write(null))
        return null
      },
      write(record) {
        if (record && !isRemembered) passing.add(record.session)
        return inner.write(labelled(record))
      },
      ...(inner.replace && {
        replace(expected: StoredTokens, next: StoredTokens | null) {
          // A refresh may bring the tokens of another user, whose session is as the one before.
          if (next && passing.has(expected.session)) passing.add(next.session)
          return inner.replace?.(expected, labelled(next)) ?? false
        },
      }),
      ...(inner.subscribe && {
        subscribe: (changed: () => void) => inner.subscribe?.(changed) ?? (() => {}),
      }),
      close: () => inner.close?.(),
      // Where no cookie can be seen, such as in a worker, it cannot be known whether the browser is the same.
      ...('document' in globalThis && {
        remember(choice: boolean) {
          isRemembered = choice
          if (!choice) mark.set()
        },
      }),
    })
  }
}
