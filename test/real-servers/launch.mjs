import { spawnSync } from 'node:child_process'
import { extname, join } from 'node:path'
import { nodeOf } from './install.mjs'

/**
 * How a program is started.
 *
 * @param {import('./real-servers.mjs').RealServer} server
 * @param {string} folder for what is installed
 * @param {string} program its file
 * @param {number} port
 * @returns {{ command: string, args: string[], variables?: Record<string, string> }}
 */
export function launch(server, folder, program, port) {
  switch (extname(program)) {
    case '.py':
      return { command: '/usr/bin/python3', args: [program] }
    case '.rb':
      return { command: '/usr/bin/ruby', args: [program], variables: { GEM_HOME: folder } }
    case '.php':
      return { command: '/usr/bin/php', args: ['-S', `127.0.0.1:${port}`, program] }
    case '.go':
      return { command: compileGo(server.name, folder, program), args: [] }
    default:
      return { command: nodeOf(server, folder), args: [program] }
  }
}

/**
 * @param {string} name
 * @param {string} folder
 * @param {string} program
 */
function compileGo(name, folder, program) {
  const binary = join(folder, name)
  const { status, stderr } = spawnSync('/usr/bin/go', ['build', '-o', binary, program], {
    // Where Debian has its packages; they are no modules.
    env: { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode' },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return binary
}
