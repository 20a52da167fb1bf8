import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/unit/**/*.test.js'],
    globals: true,
    setupFiles: ['latchkey-guard.mjs'],
    reporters: ['./vitest-reporter.mjs'],
    // Against hanging alone.
    testTimeout: 30_000,
  },
})
