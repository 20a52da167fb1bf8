import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname } from 'node:path'
import { chromium } from 'playwright'
import { ensureChromium } from '../find-browser.mjs'

/** @type {Record<string, string>} */
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/**
 * @typedef {object} Recording What the demo shows when a scene is over.
 * @property {number} width Of its timeline.
 * @property {number} height
 * @property {{ kind: string, d: string }[]} marks Its paths, by their class.
 * @property {{ kind: string, text: string, x: number, y: number, anchor: string }[]} words
 * @property {{ x: number, y1: number, y2: number }[]} grid
 * @property {Record<'queue' | 'latchkey', { standing: string, calls: string }>} verdicts
 */

/**
 * Plays a scene of the built demo in Chromium, and reads what it shows.
 * @param {string} folder @param {string} scene @param {number} width of the timeline @returns {Promise<Recording>}
 */
export async function record(folder, scene, width) {
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://demo')
    const file = `${folder}${pathname === '/' ? '/index.html' : pathname}`
    const content = await readFile(file).catch(() => null)
    response.writeHead(content ? 200 : 404, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
    })
    response.end(content)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  const browser = await chromium.launch(await ensureChromium())
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    await page.goto(`http://127.0.0.1:${port}/#scenario=${scene}`)
    await page.locator('[data-testid=happened][data-runs="1"]').waitFor({ state: 'attached' })
    const timeline = page.locator('[data-testid=timeline]')
    // The picture is drawn anew for its width.
    await timeline.evaluate((svg, px) => {
      svg.style.width = `${px}px`
    }, width)
    await page.waitForFunction(
      (px) => document.querySelector('[data-testid=timeline]')?.clientWidth === px,
      width,
    )
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    )
    return await page.evaluate(read)
  } finally {
    await browser.close()
    server.close()
    server.closeAllConnections()
  }
}

/** In the page. @returns {Recording} */
function read() {
  const svg = document.querySelector('[data-testid=timeline]')
  if (!svg) throw new Error('There is no timeline')
  /** @param {Element} element @param {string} name */
  const number = (element, name) => Number(element.getAttribute(name))
  /** @param {'queue' | 'latchkey'} side */
  const verdictOf = (side) => {
    /** @param {string} selector */
    const textOf = (selector) =>
      document.querySelector(`[data-testid=verdict-${side}] ${selector}`)?.textContent ?? ''
    return { standing: textOf('.figure'), calls: textOf('.figure + p') }
  }
  return {
    width: svg.clientWidth,
    height: number(svg, 'height'),
    marks: [...svg.querySelectorAll('path')].map((path) => ({
      kind: path.getAttribute('class') ?? '',
      d: path.getAttribute('d') ?? '',
    })),
    words: [...svg.querySelectorAll('text')].map((text) => ({
      kind: text.getAttribute('class') ?? 'time',
      text: text.textContent ?? '',
      x: number(text, 'x'),
      y: number(text, 'y'),
      anchor: text.getAttribute('text-anchor') ?? 'start',
    })),
    grid: [...svg.querySelectorAll('line.grid')].map((line) => ({
      x: number(line, 'x1'),
      y1: number(line, 'y1'),
      y2: number(line, 'y2'),
    })),
    verdicts: { queue: verdictOf('queue'), latchkey: verdictOf('latchkey') },
  }
}
