import type { SerializedError } from 'vitest'
import type { Reporter, TestModule } from 'vitest/node'

/** The last lines of a run: the engines it had to do without, and one count over all projects. */
export default class ClosingLines implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 }
    for (const module of modules) {
      count.failed += module.errors().length
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length
      for (const test of module.children.allTests()) count[test.result().state] += 1
    }

    const browser = modules.find((module) => module.project.name === 'browser')
    const engines = browser?.project.getProvidedContext().engines
    for (const [engine, found] of Object.entries(engines ?? {})) {
      if (!found) console.log(`${engine}: not found on this machine, so nothing was run in it`)
    }

    const leftOut = count.skipped + count.pending
    if (leftOut > 0) console.log(`${leftOut} not run`)
    if (count.passed === 0) process.exitCode = 1
    console.log(`${count.passed} passed, ${count.failed} failed`)
  }
}
