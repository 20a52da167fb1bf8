const noBreak = '\u00a0'

/** `412 ms`, and from a second on `1.24 s`; never broken over two lines. */
export function duration(ms: number): string {
  return ms < 1000
    ? `${Math.max(0, Math.round(ms))}${noBreak}ms`
    : `${Number((ms / 1000).toFixed(2))}${noBreak}s`
}

/** `1 call`, `20 calls`. */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount}${noBreak}${amount === 1 ? noun : plural}`
}

export function clockTime(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString(undefined, { hour12: false })
}

/** Enough to tell two apart, never enough to use. */
export function shorten(text: string): string {
  return text.length > 24 ? `${text.slice(0, 6)}…${text.slice(-6)}` : '…'
}
