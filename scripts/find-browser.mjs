// Finds the browsers that the tests drive, and installs Chromium where there is none.
// `node scripts/find-browser.mjs` prints the path of a Chromium, or one line that says what to do.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * @typedef {{ executablePath: string, args: string[] }} Chromium What Playwright's and Puppeteer's `launch` take.
 * @typedef {{ executablePath: string }} Firefox
 * @typedef {{ driver: string, browser: string, display: string }} WebKit WebKitWebDriver, MiniBrowser and Xvfb.
 * @typedef {{ chromium: Chromium | null, firefox: Firefox | null, webkit: WebKit | null }} Engines
 */

const isRoot = process.getuid?.() === 0

const chromiumFlags = [
  // Chromium refuses to run as root with its sandbox.
  ...(isRoot ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** @returns {Promise<Engines>} */
export async function findEngines() {
  return { chromium: await findChromium(), firefox: findFirefox(), webkit: findWebKit() }
}

/** @returns {Promise<Chromium | null>} */
export async function findChromium() {
  const executablePath =
    chosen('CHROMIUM_PATH') ?? chromiumCandidates().find(starts) ?? [await playwrightChromium()].find(starts)
  return executablePath === undefined ? null : { executablePath, args: chromiumFlags }
}

/** @returns {Firefox | null} */
export function findFirefox() {
  const executablePath = chosen('FIREFOX_PATH') ?? firefoxCandidates().find(starts)
  return executablePath === undefined ? null : { executablePath }
}

/** WebKitGTK's own driver and browser, which need a display: Linux only. @returns {WebKit | null} */
export function findWebKit() {
  const [driver] = onPath('WebKitWebDriver')
  const [display] = onPath('Xvfb')
  const [browser] = ['/usr/lib', '/usr/libexec']
    .flatMap((base) => [base, ...inside(base)])
    .flatMap((directory) => ['4.1', '4.0'].map((api) => join(directory, `webkit2gtk-${api}`, 'MiniBrowser')))
    .filter((path) => existsSync(path))
  return driver && browser && display ? { driver, browser, display } : null
}

/**
 * Finds Chromium or Chrome, installs one if there is none, and throws one line that says what to do if that fails.
 * @returns {Promise<Chromium>}
 */
export async function ensureChromium() {
  const found = await findChromium()
  if (found) return found

  for (const [command, ...args] of chromiumInstallers()) {
    console.error(`No Chromium or Chrome found. Installing one: ${[command, ...args].join(' ')}`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync(command, args, { stdio: ['ignore', process.stderr, process.stderr], timeout: 600_000, env })
    const installed = await findChromium()
    if (installed) return installed
  }
  throw new Error(
    'No Chromium or Chrome found, and none could be installed (see above): install one ' +
      '(Debian, Ubuntu: sudo apt-get install chromium), or set CHROMIUM_PATH to its executable, and run again.',
  )
}

/** @returns {Array<[string, ...string[]]>} */
function chromiumInstallers() {
  const playwright = (/** @type {string[]} */ ...options) =>
    /** @type {[string, ...string[]]} */ ([
      process.execPath,
      join(import.meta.dirname, '../node_modules/playwright/cli.js'),
      'install',
      ...options,
      'chromium',
    ])
  const asRoot = isRoot ? [] : ['sudo', '-n']
  const hasApt = onPath('apt-get').length > 0
  const mayUseApt = hasApt && (isRoot || spawnSync('sudo', ['-n', 'true']).status === 0)
  if (!mayUseApt) return [playwright()]

  // A new machine may still be busy with its own updates.
  const wait = '-o DPkg::Lock::Timeout=300'
  const apt = `apt-get -q ${wait} update && apt-get -q ${wait} install -y chromium`
  const [command = 'sh', ...args] = [...asRoot, 'sh', '-c', apt]
  return [[command, ...args], playwright('--with-deps')]
}

/** Where `playwright install chromium` puts it. */
async function playwrightChromium() {
  const { chromium } = await import('playwright')
  return chromium.executablePath()
}

function chromiumCandidates() {
  return [
    ...onPath('chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'),
    ...macApplications('Google Chrome', 'Chromium'),
    ...windowsPrograms('Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe'),
  ]
}

function firefoxCandidates() {
  return [
    ...onPath('firefox-esr', 'firefox'),
    ...macApplications('Firefox').map((path) => path.replace(/Firefox$/, 'firefox')),
    ...windowsPrograms('Mozilla Firefox\\firefox.exe'),
  ]
}

/** A path that the user chose by an environment variable: taken at its word, so a wrong one is an error. */
function chosen(/** @type {string} */ variable) {
  const path = process.env[variable]
  if (path && !existsSync(path)) throw new Error(`${variable} names a file that does not exist: ${path}`)
  return path || undefined
}

/**
 * Whether the file is a browser that runs. Ubuntu's /usr/bin/chromium-browser may be a script which only says that a
 * snap is missing, and a browser without its libraries is of no use. Windows opens a window on `--version`.
 */
function starts(/** @type {string} */ path) {
  if (!existsSync(path)) return false
  return process.platform === 'win32' || spawnSync(path, ['--version'], { timeout: 20_000 }).status === 0
}

function onPath(/** @type {string[]} */ ...names) {
  if (process.platform === 'win32') return []
  const directories = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return names.flatMap((name) => directories.map((directory) => join(directory, name))).filter(existsSync)
}

function macApplications(/** @type {string[]} */ ...names) {
  if (process.platform !== 'darwin') return []
  return ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
    names.map((name) => join(folder, `${name}.app`, 'Contents', 'MacOS', name)),
  )
}

function windowsPrograms(/** @type {string[]} */ ...paths) {
  const { ProgramFiles, 'ProgramFiles(x86)': programFiles32, LOCALAPPDATA } = process.env
  return [ProgramFiles, programFiles32, LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => paths.map((path) => join(folder, path)))
}

function inside(/** @type {string} */ directory) {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(directory, entry.name))
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log((await ensureChromium()).executablePath)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
