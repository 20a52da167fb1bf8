import { openBrowser } from './server/open-browser.mjs'
import { startDemo } from './server/start.mjs'

const { PORT } = process.env

try {
  const demo = await startDemo({ watch: true, ...(PORT && { port: Number(PORT) }) })

  for (const signal of ['SIGINT', 'SIGTERM']) {
    // Once: a second Ctrl-C finds no handler and ends the process the hard way.
    process.once(signal, async () => {
      await demo.close()
      process.exitCode = 0
    })
  }

  // Not before Ctrl-C would do what is said.
  console.log(`\n  Latchkey demo   ${demo.url}\n`)
  if (demo.isMoved) {
    console.log('  The usual port is taken, so use these in place of the links in the documents:\n')
    for (const link of demo.links) console.log(`  ${link}`)
    console.log('')
  }
  console.log('  Ctrl-C stops it.\n')
  openBrowser(demo.url)
} catch (error) {
  console.error(`The demo could not start: ${error.message}`)
  process.exitCode = 1
}
