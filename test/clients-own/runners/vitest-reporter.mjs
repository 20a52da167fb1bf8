import { writeFileSync } from 'node:fs'

/** Writes how each test ended, by its full name. */
export default class OutcomeReporter {
  /** @param {ReadonlyArray<import('vitest/node').TestModule>} modules */
  onTestRunEnd(modules) {
    /** @type {Record<string, string>} */
    const outcome = {}
    for (const each of modules) {
      for (const test of each.children.allTests()) outcome[test.fullName] = test.result().state
      for (const error of each.errors()) outcome[`${each.moduleId}: ${error.message}`] = 'failed'
    }
    writeFileSync(String(process.env.OUTCOME), JSON.stringify(outcome))
  }
}
