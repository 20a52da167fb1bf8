/** Keeps the tokens in hand out of all that is printed, and whatever a terminal would take for a command. */
export interface Redactor {
  /** From now on this is not printed, nor a longer part of it. */
  hide(secret: string | undefined): void
  clean(text: string): string
}

/** Shorter ones would be found in common words. */
const shortestSecret = 6
/** Servers cut what they quote. */
const shortestPart = 12
const unprintable = /[\p{Cc}\p{Cf}]+/gu
/** Any JWT, known or not. */
const jwt = /\beyJ[\w-]{6,}(\.[\w-]*)*/g

export function createRedactor(): Redactor {
  const secrets = new Set<string>()
  const parts = new Set<string>()

  /** Replaces each run of the text that is in a secret too. */
  function withoutParts(text: string): string {
    let cleaned = ''
    for (let at = 0; at < text.length; ) {
      let end = at
      for (let next = at; next <= end && parts.has(text.slice(next, next + shortestPart)); next++) {
        end = next + shortestPart
      }
      cleaned += end > at ? '[token]' : text[at]
      at = Math.max(end, at + 1)
    }
    return cleaned
  }

  return {
    hide(secret) {
      if (secret === undefined || secret.length < shortestSecret) return
      for (const form of [secret, encodeURIComponent(secret)]) {
        secrets.add(form)
        for (let at = 0; at + shortestPart <= form.length; at++) parts.add(form.slice(at, at + shortestPart))
      }
    },
    clean(text) {
      const longestFirst = [...secrets].sort((a, b) => b.length - a.length)
      const whole = longestFirst.reduce((rest, secret) => rest.replaceAll(secret, '[token]'), text)
      return withoutParts(whole).replace(unprintable, ' ').replace(jwt, '[token]')
    },
  }
}

/** Every string of a report. */
export function cleanDeep<T>(value: T, redactor: Redactor): T {
  if (typeof value === 'string') return redactor.clean(value) as T
  if (Array.isArray(value)) return value.map((each) => cleanDeep(each, redactor)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, cleanDeep(each, redactor)]),
  ) as T
}
