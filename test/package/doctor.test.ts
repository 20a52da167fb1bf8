import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { appOrigin, startRefreshServer } from '../doctor/support/refresh-server.js'

const { directory } = inject('packed')
const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
const command = join(directory, manifest.bin.latchkey)

interface Ended {
  exitCode: number
  out: string
  err: string
}

/** Runs the command of the tarball, where no package is installed beside it. */
const run = (args: string[], stdin = ''): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [command, ...args], (error, out, err) =>
      resolve({ exitCode: error ? Number(error.code) : 0, out, err }),
    )
    child.stdin?.end(stdin)
  })

test('the doctor runs from the tarball, without any other package', async () => {
  const server = await startRefreshServer()
  onTestFinished(() => server.close())
  const { exitCode, out, err } = await run(
    ['doctor', server.url, '--origin', appOrigin, '--json'],
    server.signIn,
  )
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
  expect(JSON.parse(out)).toMatchObject({
    ok: true,
    findings: [],
    protocol: { name: 'jsonRefresh', by: 'refreshed' },
  })
})

test('a problem is exit code 1, and wrong usage 2', async () => {
  const server = await startRefreshServer({
    fault({ headers }) {
      delete headers['Access-Control-Allow-Origin']
    },
  })
  onTestFinished(() => server.close())
  expect((await run(['doctor', server.url, '--origin', appOrigin])).exitCode).toBe(1)
  expect((await run(['doctor', 'nonsense'])).exitCode).toBe(2)
  expect((await run(['nurse'])).exitCode).toBe(2)
  expect((await run(['--help'])).exitCode).toBe(0)
})

test('the command is one file, whose first line names its interpreter', () => {
  expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  const imports = readFileSync(command, 'utf8').matchAll(/^import .* from '([^']+)'/gm)
  const others = [...imports].map(([, path]) => path).filter((path) => !path?.startsWith('node:'))
  expect(others).toEqual([])
})

test('no file that an app imports knows of it, and no import path leads to it', () => {
  const name = manifest.bin.latchkey.replace('./dist/', '')
  expect(JSON.stringify(manifest.exports)).not.toContain(name)
  const scripts = readdirSync(join(directory, 'dist'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.c?js$/.test(file) && file !== name)
    .map((file) => join(directory, 'dist', file))
  expect(scripts.length).toBeGreaterThan(20)
  const knowing = scripts.filter((file) => /cli\.js|latchkey doctor|node:/.test(readFileSync(file, 'utf8')))
  expect(knowing).toEqual([])
  expect(statSync(command).size).toBeLessThan(300_000)
})
