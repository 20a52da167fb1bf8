import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** @typedef {import('./real-servers.mjs').RealServer} RealServer */
/** @typedef {{ version: string } | { missing: string }} Found what there is, or why there is nothing */

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 */
function run(command, args, options) {
  const { status, stdout, stderr } = spawnSync(command, args, { ...options, encoding: 'utf8' })
  return {
    isDone: status === 0,
    output: `${stdout ?? ''}`,
    complaint: firstError(`${stderr ?? ''}`, command),
  }
}

/**
 * @param {string} text
 * @param {string} command
 */
const firstError = (text, command) =>
  text.split('\n').find((line) => /err/i.test(line)) ?? text.trim().split('\n')[0] ?? command

/** The package for Node itself, of which npm has one for each platform. */
const nodePackage = `node-${process.platform}-${process.arch}`

/**
 * The Node that runs a server: the one it asks for, where it does.
 *
 * @param {RealServer} server
 * @param {string} folder
 */
export const nodeOf = ({ node }, folder) =>
  node ? join(folder, 'node_modules', nodePackage, 'bin/node') : process.execPath

/**
 * Installs what is missing.
 *
 * @param {RealServer} server
 * @param {string} folder for what is installed
 * @returns {Found}
 */
export function install(server, folder) {
  if (server.npm) return installNpm(server, server.npm, folder)
  if (server.gems) {
    const found = findDebian(server)
    return 'missing' in found ? found : installGems(server.gems, folder, found.version)
  }
  if (server.composer) {
    const found = findDebian(server)
    return 'missing' in found ? found : installComposer(server.composer, folder, found.version)
  }
  return findDebian(server)
}

/**
 * @param {RealServer} server
 * @param {string[]} npm
 * @param {string} folder
 * @returns {Found}
 */
function installNpm({ node, overrides = {}, compiled = [] }, npm, folder) {
  const packages = node ? [...npm, `${nodePackage}@${node}`] : npm
  const isThere = isRecorded(folder, [packages, overrides, compiled], () => {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, overrides }))
    const args = [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--save-exact',
      '--prefix',
      folder,
    ]
    const installed = run('npm', [...args, ...packages])
    if (!installed.isDone || compiled.length === 0) return installed
    // Its headers lie beside it; without them they would be fetched.
    const prefix = resolve(process.execPath, '../..')
    const env = { ...process.env }
    if (existsSync(join(prefix, 'include/node/node.h'))) env.npm_config_nodedir = prefix
    return run('npm', ['rebuild', '--prefix', folder, ...compiled], { env })
  })
  if (isThere !== true) return { missing: isThere }
  const [main = ''] = npm
  const at = main.lastIndexOf('@')
  return { version: `${main.slice(0, at)} ${main.slice(at + 1)}${node ? ` on Node ${node}` : ''}` }
}

/**
 * @param {string[]} gems
 * @param {string} folder
 * @param {string} version of what they stand on
 * @returns {Found}
 */
function installGems(gems, folder, version) {
  const isThere = isRecorded(folder, gems, () =>
    run('/usr/bin/gem', ['install', '--no-document', '--install-dir', folder, ...gems]),
  )
  return isThere === true ? { version: `${gems[0]?.replace(':', ' ')}, ${version}` } : { missing: isThere }
}

/**
 * @param {string[]} packages
 * @param {string} folder
 * @param {string} version of what they stand on
 * @returns {Found}
 */
function installComposer(packages, folder, version) {
  const isThere = isRecorded(folder, packages, () =>
    run('/usr/bin/composer', ['require', '--no-interaction', '--working-dir', folder, ...packages], {
      env: { ...process.env, COMPOSER_ALLOW_SUPERUSER: '1' },
    }),
  )
  return isThere === true
    ? { version: `${packages[0]?.replace(':', ' ')}, ${version}` }
    : { missing: isThere }
}

/**
 * Does what has not been done in this folder yet.
 *
 * @param {string} folder
 * @param {unknown} wanted
 * @param {() => { isDone: boolean, complaint: string }} act
 * @returns {true | string} why not
 */
function isRecorded(folder, wanted, act) {
  const record = join(folder, 'installed.json')
  const text = JSON.stringify(wanted)
  if (existsSync(record) && readFileSync(record, 'utf8') === text) return true
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const { isDone, complaint } = act()
  if (!isDone) return complaint
  writeFileSync(record, text)
  return true
}

/**
 * @param {RealServer} server
 * @returns {Found}
 */
function findDebian({ debian }) {
  const { packages, modules } = debian ?? { packages: [] }
  const missing = { missing: `apt-get install ${packages.join(' ')}` }
  if (modules) {
    const code = `import importlib.metadata as m; print(', '.join(p + ' ' + m.version(p) for p in ${JSON.stringify(modules)}))`
    const { isDone, output } = run('/usr/bin/python3', ['-c', code])
    return isDone ? { version: output.trim() } : missing
  }
  // The state as well, because a package that was removed still has a version.
  const query = ['--show', '--showformat', `\${Package} \${Version} \${db:Status-Status}\n`, ...packages]
  const { isDone, output } = run('/usr/bin/dpkg-query', query)
  const lines = output.trim().split('\n')
  if (!isDone || lines.some((line) => !line.endsWith(' installed'))) return missing
  return { version: lines.map((line) => line.replace(/ installed$/, '')).join(', ') }
}
