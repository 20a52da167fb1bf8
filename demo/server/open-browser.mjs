import { spawn } from 'node:child_process'

const openers = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''], linux: ['xdg-open'] }

/** Opens the page for a person who sits at a terminal with a screen; otherwise, or if it fails, nothing happens. */
export function openBrowser(url) {
  const { CI, BROWSER, DISPLAY, WAYLAND_DISPLAY } = process.env
  if (!process.stdout.isTTY || CI || BROWSER === 'none') return
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return
  const [command, ...rest] = openers[process.platform] ?? []
  if (!command) return
  const child = spawn(command, [...rest, url], { stdio: 'ignore', detached: true })
  child.on('error', () => {}) // the address is on the terminal; a missing opener is no reason to stop
  child.unref()
}
