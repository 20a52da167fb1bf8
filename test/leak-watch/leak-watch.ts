import { findText } from '../security/support/leaks.js'

/** Knows the tokens that are in use, and looks for them in all that others get to see. */
export interface LeakWatch {
  /** This is a token, from now until the end of the test. */
  know(token: unknown): void
  /** Somebody got to see this: a string, or what JSON can tell of a value. The tokens in `given` are the test's own. */
  saw(where: string, value: unknown, given?: unknown): void
  /** The same, but by every property, own, inherited or hidden. */
  searched(where: string, value: unknown, given?: unknown): void
  /** What was found since it was last asked. A test that leaks on purpose asks for it, and thereby forgives it. */
  take(): string[]
  /** The next test has tokens of its own. */
  forget(): void
}

/** A token that is a word of the language, or hardly longer than a letter, is in many texts: it counts as a value only. */
const isWord = (token: string): boolean => token.length < 6 || /^[a-z]+$/i.test(token)

/** What gives a token away: the whole of it, or the payload or the signature of a JWT. */
const piecesOf = (token: string): string[] => [
  token,
  ...token.split('.').filter((part, index, { length }) => length > 2 && index > 0 && part.length > 12),
]

/** The server's reply is its own affair, and so is the low-level request that holds the headers. */
const isNotOurs = (key: PropertyKey): boolean => key === 'request' || key === 'response'

export function createLeakWatch(): LeakWatch {
  const pieces = new Set<string>()
  const words = new Set<string>()
  const found = new Set<string>()

  const pieceIn = (text: string): string | undefined => {
    for (const piece of pieces) if (text.includes(piece)) return piece
    return undefined
  }
  const tokenIn = (text: string): string | undefined => {
    const value = text.replace(/^Bearer /, '')
    return words.has(value) ? value : pieceIn(text)
  }
  const tokenInJson = (json: string): string | undefined => {
    for (const word of words) if (json.includes(`"${word}"`) || json.includes(`"Bearer ${word}"`)) return word
    return pieceIn(json)
  }

  function report(where: string, tokens: Iterable<string>, evidence: string, given: unknown): void {
    const own = new Set<string>()
    findText(given, (text) => {
      const token = tokenIn(text)
      if (token !== undefined) own.add(token)
      return false
    })
    const leaked = [...tokens].filter((token) => !own.has(token))
    if (leaked.length > 0) found.add(`${where} shows ${leaked.join(', ')}: ${evidence.slice(0, 500)}`)
  }

  return {
    know(token) {
      if (typeof token !== 'string' || token === '') return
      for (const piece of piecesOf(token)) (isWord(piece) ? words : pieces).add(piece)
    },
    saw(where, value, given) {
      const isText = typeof value === 'string'
      const text = isText ? value : (JSON.stringify(value) ?? '')
      const token = isText ? tokenIn(text) : tokenInJson(text)
      if (token !== undefined) report(where, [token], text, given)
    },
    searched(where, value, given) {
      const shown = new Set<string>()
      const gives = (text: string): boolean => {
        const token = tokenIn(text)
        if (token !== undefined) shown.add(token)
        return token !== undefined
      }
      const { response, config } = Object(value)
      const roots = response?.config && response.config !== config ? [value, response.config] : [value]
      const paths = roots.flatMap((root) => findText(root, gives, isNotOurs))
      if (paths.length > 0) report(where, shown, paths.join(', '), given)
    },
    take() {
      const leaks = [...found]
      found.clear()
      return leaks
    },
    forget() {
      pieces.clear()
      words.clear()
    },
  }
}

/** The one of this test file. */
export const leakWatch = createLeakWatch()
