import { defineConfig } from 'vitest/config'

/**
 * The unit tests that reach what is mutated most directly: each mutant costs a run of those that reach it. Random stories and
 * the tests of the other clients find the same mutants a hundred times as slowly.
 */
export default defineConfig({
  test: {
    include: [
      'test/core/**/*.test.ts',
      'test/http/**/*.test.ts',
      'test/fetch/*.test.ts',
      'test/servers/cookie.test.ts',
    ],
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://app.test/' } },
    isolate: false,
    setupFiles: ['test/setup.ts'],
  },
})
