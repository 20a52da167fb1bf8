import { inspect } from 'node:util'

/** Where in `root` one of `secrets` can be read, as paths: by any property, own, inherited or hidden, and by printing. */
export const findSecrets = (root: unknown, secrets: readonly string[]): string[] =>
  findText(root, (text) => secrets.some((secret) => text.includes(secret)))

/** Where in `root` there is a text that `gives` something away; `skips` leaves out a property, whoever owns it. */
export function findText(
  root: unknown,
  gives: (text: string) => boolean,
  skips?: (key: PropertyKey) => boolean,
): string[] {
  const found: string[] = []
  const seen = new WeakSet<object>()

  function visit(value: unknown, path: string, depth: number): void {
    if (typeof value === 'string') {
      if (gives(value)) found.push(path)
      return
    }
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return
    if (seen.has(value) || depth > 12 || value === globalThis || value === globalThis.window) return
    seen.add(value)
    if (value instanceof Map || value instanceof Set || value instanceof Headers) {
      visit([...value], `${path}.entries`, depth + 1)
    }
    if (ArrayBuffer.isView(value)) {
      visit(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString(), path, depth)
      return
    }
    for (
      let owner: object | null = value;
      owner && !builtIns.has(owner);
      owner = Object.getPrototypeOf(owner)
    ) {
      for (const key of Reflect.ownKeys(owner)) {
        if (skips?.(key) || isInside(key)) continue
        const name = `${path}.${String(key)}`
        if (gives(String(key))) found.push(`the name of ${name}`)
        visit(readProperty(value, key), name, depth + 1)
      }
    }
  }

  visit(root, '', 0)
  // What is left out above would be printed here.
  for (const print of skips ? [toJson, String] : [toJson, show, String]) {
    const text = attempt(() => print(root))
    if (typeof text === 'string' && gives(text)) found.push(`printed by ${print.name}`)
  }
  return found
}

/** What all values inherit, and no secret is kept in. */
const builtIns = new Set<object>([Object, Function, Array, Error, RegExp].map(({ prototype }) => prototype))

/** Behind this jsdom keeps what is no page's to see, and not to be touched: a walk through it breaks its trees. */
const isInside = (key: PropertyKey): boolean => typeof key === 'symbol' && key.description === 'impl'

const attempt = <T>(work: () => T): T | undefined => {
  try {
    return work()
  } catch {
    return undefined // a getter may throw, and a cycle is no JSON
  }
}

export const readProperty = (value: object, key: PropertyKey): unknown =>
  attempt(() => (value as Record<PropertyKey, unknown>)[key])

const toJson = (value: unknown): string | undefined => JSON.stringify(value)
const show = (value: unknown): string =>
  inspect(value, { depth: 12, showHidden: true, maxStringLength: null })
