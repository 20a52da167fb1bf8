import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright'

const screenshots = fileURLToPath(new URL('../../../demo/screenshots/', import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Kept for people to look at: continuous integration hands the folder on. */
export async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true })
  await page.screenshot({ path: `${screenshots}${name}.png`, fullPage: true, animations: 'disabled' })
}

/** What somebody sees without scrolling. */
export async function photographView(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true })
  await page.screenshot({ path: `${screenshots}${name}.png`, animations: 'disabled' })
}

/** What axe finds that keeps people out: serious and critical, each with the place. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: axe })
  return page.evaluate(async () => {
    const { violations } = await (globalThis as never as { axe: Axe }).axe.run()
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`))
  })
}

interface Axe {
  run(): Promise<{ violations: { id: string; impact: string; nodes: { target: string[] }[] }[] }>
}
