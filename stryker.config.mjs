/**
 * Mutation testing of the parts that decide: `npm run mutation`, or `npm run mutation -- --mutate src/core/expiry.ts`.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner', './test/mutation/development-switch.mjs'],
  ignorers: ['development-switch'],
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  mutate: ['src/core/**/*.ts', 'src/http/**/*.ts', '!**/*.d.ts'],
  coverageAnalysis: 'perTest',
  concurrency: 1,
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  // TypeScript 7 has no API to rewrite a tsconfig with; nothing here is compiled by it.
  tsconfigFile: 'none',
  tempDirName: 'reports/mutation/sandbox',
  reporters: ['clear-text', 'json', 'html', 'progress-append-only'],
  htmlReporter: { fileName: 'reports/mutation/index.html' },
  jsonReporter: { fileName: 'reports/mutation/report.json' },
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 90 },
  timeoutMS: 20_000,
  ignorePatterns: ['dist', 'demo', 'docs', 'examples', 'bench', 'reports', 'coverage'],
}
