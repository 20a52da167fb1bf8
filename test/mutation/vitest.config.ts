import { defineConfig } from 'vitest/config'

/**
 * The unit tests of what is mutated, none that needs a browser's environment: each mutant costs a run of those that reach
 * it. Random stories and the tests of the HTTP clients find the same mutants a hundred times as slowly.
 */
export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts', 'test/http/**/*.test.ts'],
    environment: 'node',
    isolate: false,
    setupFiles: ['test/setup.ts'],
  },
})
