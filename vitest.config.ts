import { defineConfig } from 'vitest/config'

/** `--mode long`: more stories, more rounds, and the files that take minutes each. */
export default defineConfig(({ mode }) => {
  const isLong = mode === 'long'
  const provide = { isLong }
  const long = isLong ? [] : ['**/*.long.test.ts']
  return {
    test: {
      allowOnly: false,
      reporters: ['default', './test/closing-lines.ts'],
      coverage: { provider: 'v8', include: ['src/**'] },
      projects: [
        {
          test: {
            name: 'unit',
            include: ['test/**/*.test.ts'],
            exclude: ['test/e2e/**', 'test/package/**', '**/node_modules/**', ...long],
            environment: 'jsdom',
            environmentOptions: { jsdom: { url: 'http://app.test/' } },
            setupFiles: ['test/setup.ts', 'test/leak-watch/setup.ts'],
            // Against hanging alone: on a busy machine a test takes many times what it takes otherwise.
            testTimeout: 60_000,
            // Not threads, which would be up sooner: a BroadcastChannel reaches all threads of a process.
            pool: 'forks',
            // Vitest's own choice leaves one of two cores idle.
            maxWorkers: '100%',
            provide,
            sequence: { groupOrder: 0 },
          },
        },
        {
          test: {
            name: 'package',
            include: ['test/package/**/*.test.ts'],
            environment: 'node',
            globalSetup: ['test/package/pack.ts'],
            testTimeout: 180_000,
            hookTimeout: 180_000,
            provide,
            sequence: { groupOrder: 1 },
          },
        },
        {
          test: {
            name: 'e2e',
            include: ['test/e2e/**/*.test.ts'],
            exclude: long,
            environment: 'node',
            globalSetup: ['test/e2e/find-engines.ts'],
            testTimeout: 180_000,
            hookTimeout: 180_000,
            expect: { poll: { timeout: 60_000 } },
            // More than there are cores, since tabs mostly wait. Nothing in them is decided by the clock on the wall.
            maxWorkers: 3,
            provide,
            sequence: { groupOrder: 2 },
          },
        },
      ],
    },
  }
})
