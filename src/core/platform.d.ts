// All that `core` takes from the platform. This file is part of the compile check of `core` alone (see tsconfig.json
// beside it), where neither DOM nor Node types exist; everywhere else the real declarations apply.

declare function setTimeout(callback: () => void, ms: number): number
declare function clearTimeout(timer: number): void
declare function atob(base64: string): string

interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

declare class AbortController {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}
