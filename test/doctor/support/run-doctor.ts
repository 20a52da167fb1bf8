import { runDoctor } from '../../../bin/doctor/command.js'
import type { Diagnosis } from '../../../bin/doctor/examine.js'

export interface Run {
  exitCode: number
  out: string
  err: string
  /** With `--json`. */
  report: Diagnosis & { ok: boolean; version: number }
  codes: string[]
}

export interface RunOptions {
  stdin?: string
  now?: () => number
  sleep?: (ms: number) => Promise<void>
  isTTY?: boolean
  env?: Record<string, string>
}

/** Runs the command in this process. */
export async function doctor(args: string[], options: RunOptions = {}): Promise<Run> {
  const { stdin = '', now = Date.now, sleep = async () => {}, isTTY = false, env = {} } = options
  let out = ''
  let err = ''
  const exitCode = await runDoctor(
    args,
    {
      out: { write: (text) => (out += text), isTTY },
      err: { write: (text) => (err += text) },
      stdin: {
        async *[Symbol.asyncIterator]() {
          yield stdin
        },
      },
      env,
    },
    { now, sleep },
  )
  const report = args.includes('--json') && exitCode !== 2 ? JSON.parse(out) : undefined
  const codes = (report?.findings ?? []).map(({ code }: { code: string }) => code)
  return { exitCode, out, err, report, codes }
}
