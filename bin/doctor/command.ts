import { setTimeout as sleep } from 'node:timers/promises'
import { type Effects, examine } from './examine.js'
import { help, readOptions } from './options.js'
import { cleanDeep, createRedactor } from './redactor.js'
import { reportForMachines, reportForPeople } from './report.js'
import { readSignIn, type SignIn } from './sign-in.js'

export interface Terminal {
  out: Output
  err: Output
  stdin: AsyncIterable<unknown> & { isTTY?: boolean }
  env: Record<string, string | undefined>
}

interface Output {
  write(text: string): unknown
  isTTY?: boolean
}

const longestSignIn = 2 ** 20
/** A pipe that nobody closes would keep the command for ever without a word. */
const askedAfterMs = 3000

const systemEffects = { now: () => Date.now(), sleep: (ms: number) => sleep(ms) }

/** Runs the command; resolves with its exit code. */
export async function runDoctor(
  args: string[],
  { out, err, stdin, env }: Terminal,
  { now, sleep }: Pick<Effects, 'now' | 'sleep'> = systemEffects,
): Promise<0 | 1 | 2> {
  const options = readOptions(args)
  if (options === 'help') {
    out.write(help)
    return 0
  }
  const wrongUsage = (wrong: string): 2 => {
    err.write(`${wrong}.\nlatchkey doctor --help says more.\n`)
    return 2
  }
  if ('wrong' in options) return wrongUsage(options.wrong)

  const redactor = createRedactor()
  const text = stdin.isTTY ? '' : await readAll(stdin, err)
  let signIn: SignIn | undefined
  if (text === undefined) return wrongUsage('Standard input is longer than a sign-in reply')
  if (text.trim() !== '') {
    const read = readSignIn(text, redactor)
    if (typeof read === 'string') return wrongUsage(read)
    signIn = read
  } else if (options.reuse) return wrongUsage('--reuse needs a sign-in reply on standard input')

  const found = await examine({ ...options, signIn }, { now, sleep, redactor })
  const diagnosis = cleanDeep(found, redactor)
  const subject = cleanDeep(
    { url: options.url, origin: options.origin, hasSignIn: signIn !== undefined },
    redactor,
  )
  const hasColours = out.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
  out.write(
    options.json ? reportForMachines(subject, diagnosis) : reportForPeople(subject, diagnosis, hasColours),
  )
  return diagnosis.findings.some(({ level }) => level === 'problem') ? 1 : 0
}

async function readAll(stdin: AsyncIterable<unknown>, err: Output): Promise<string | undefined> {
  const hint = setTimeout(
    () => err.write('Waiting for a sign-in reply on standard input (if you have none: < /dev/null)\n'),
    askedAfterMs,
  )
  try {
    let text = ''
    for await (const chunk of stdin) {
      text += String(chunk)
      if (text.length > longestSignIn) return undefined
    }
    return text
  } finally {
    clearTimeout(hint)
  }
}
