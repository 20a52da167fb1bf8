const { writeFileSync } = require('node:fs')

/** @typedef {{ fullTitle(): string }} Test */

/**
 * Writes how each test ended, by its full name.
 *
 * @param {{ on(event: string, listener: (test: Test) => void): void }} runner
 */
module.exports = function outcomeReporter(runner) {
  /** @type {Record<string, string>} */
  const outcome = {}
  runner.on('pass', (test) => {
    outcome[test.fullTitle()] = 'passed'
  })
  runner.on('fail', (test) => {
    outcome[test.fullTitle()] = 'failed'
  })
  runner.on('end', () => writeFileSync(String(process.env.OUTCOME), JSON.stringify(outcome)))
}
