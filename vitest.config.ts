import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    allowOnly: false,
    reporters: ['default', './test/closing-lines.ts'],
    coverage: { provider: 'v8', include: ['src/**'] },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/package/**'],
          environment: 'jsdom',
          environmentOptions: { jsdom: { url: 'http://app.test/' } },
          setupFiles: ['test/setup.ts', 'test/leak-watch/setup.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['test/package/pack.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['test/browser/find-engines.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Real tabs on a busy machine are slow tabs: one file at a time, after everything else.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
