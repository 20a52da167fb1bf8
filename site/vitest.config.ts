import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    globalSetup: ['../test/e2e/find-engines.ts'],
    // Against hanging alone: one test goes through every page.
    testTimeout: 900_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
})
