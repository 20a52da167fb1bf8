const { writeFileSync } = require('node:fs')

/** Writes how each test ended, by its full name. */
module.exports = class OutcomeReporter {
  /** @type {Record<string, string>} */
  outcome = {}

  /** @param {{ fullName: string, status: string }} test */
  specDone({ fullName, status }) {
    this.outcome[fullName] = status
  }

  jasmineDone() {
    writeFileSync(String(process.env.OUTCOME), JSON.stringify(this.outcome))
  }
}
