import { runDoctor } from './doctor/command.js'

const [command, ...args] = process.argv.slice(2)

if (command === 'doctor') {
  process.stdin.setEncoding('utf8')
  process.exitCode = await runDoctor(args, {
    out: process.stdout,
    err: process.stderr,
    stdin: process.stdin,
    env: process.env,
  })
} else {
  const isHelp = command === undefined || command === '--help' || command === '-h'
  const text =
    'Usage: latchkey doctor <refresh url> --origin <app origin>\n\nlatchkey doctor --help says more.\n'
  if (isHelp) process.stdout.write(text)
  else process.stderr.write(text)
  process.exitCode = isHelp && command !== undefined ? 0 : 2
}
