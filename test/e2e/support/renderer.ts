import type { Browser, Page } from 'playwright'

const burnMs = 600

interface ProcessInfo {
  type: string
  id: number
  cpuTime: number
}

/** The process that draws a page and runs its scripts: the one that is busy while the page is. */
export async function rendererOf(page: Page): Promise<number> {
  const cdp = await (page.context().browser() as Browser).newBrowserCDPSession()
  const renderers = async (): Promise<ProcessInfo[]> => {
    const { processInfo } = await cdp.send('SystemInfo.getProcessInfo')
    return processInfo.filter(({ type }) => type === 'renderer')
  }
  const before = new Map((await renderers()).map(({ id, cpuTime }) => [id, cpuTime]))
  await page.evaluate((ms) => {
    for (const startedAt = performance.now(); performance.now() - startedAt < ms; );
  }, burnMs)
  const burnt = (await renderers()).map(({ id, cpuTime }) => ({ id, cpu: cpuTime - (before.get(id) ?? 0) }))
  await cdp.detach()
  const busiest = burnt.sort((a, b) => b.cpu - a.cpu)[0]
  if (!busiest) throw new Error('The browser has no renderer')
  return busiest.id
}
