// Where the clients' own test suites come from, what they need, and how each is run.

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {Source} source
 * @property {string | undefined} library the package that is installed here and takes the place of the sources under test
 * @property {string[]} needs those of its devDependencies that its tests import
 * @property {string[]} peers packages that it needs in the version that is installed here
 * @property {string} axios what the guard imports axios from, seen from the suite's folder
 * @property {'mjs' | 'cjs'} format of the guard
 * @property {string | undefined} page what relative URLs are relative to, where the suite has any that are mocked
 * @property {string[]} files of `runners/`, copied into its folder
 * @property {string[]} command runs it; a reporter of `runners/` writes the outcome
 */

/**
 * By commit, since what is fetched is run.
 *
 * @typedef {object} Source
 * @property {string} folder its name under `--suites`
 * @property {string} repository
 * @property {string} commit
 */

/** The newest of axios whose tests could be had where this was written: shortly after 1.18.1. */
const axios = {
  source: {
    folder: 'axios',
    repository: 'axios/axios',
    commit: '7b1825ff0832981f02a7aa6f3995522b0be297ee',
  },
  needs: [
    'abortcontroller-polyfill',
    'acorn',
    'body-parser',
    'dev-null',
    'express',
    'formdata-node',
    'formidable',
    'get-stream',
    'multer',
    'selfsigned',
    'stream-throttle',
    'vitest',
  ],
  peers: [],
  axios: './index.js',
  format: /** @type {const} */ ('mjs'),
  page: undefined,
  files: ['vitest-reporter.mjs', 'vitest.config.mjs'],
  command: ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.config.mjs'],
}

/** @type {Suite[]} */
export const suites = [
  { ...axios, name: 'axios', library: undefined },
  { ...axios, name: 'axios-installed', library: 'axios' },
  {
    name: 'axios-mock-adapter',
    source: {
      folder: 'axios-mock-adapter',
      repository: 'ctimmerm/axios-mock-adapter',
      commit: '64d25b38a246eea276296d52b337c10879fd171a',
    },
    library: undefined,
    needs: ['chai', 'mocha'],
    peers: ['axios'],
    axios: 'axios',
    format: 'cjs',
    page: 'http://localhost/',
    files: ['mocha-reporter.cjs'],
    command: [
      'node_modules/mocha/bin/mocha.js',
      '--exit',
      '--require=./latchkey-guard.cjs',
      '--reporter=./mocha-reporter.cjs',
    ],
  },
  {
    name: 'axios-retry',
    source: {
      folder: 'axios-retry',
      repository: 'softonic/axios-retry',
      commit: '4c38b77bce745f6d077a55c5ac02aafe9be72dc1',
    },
    library: undefined,
    needs: ['@types/jasmine', '@types/node', 'jasmine', 'nock', 'ts-node', 'typescript'],
    peers: ['axios'],
    axios: 'axios',
    format: 'cjs',
    page: 'http://localhost/',
    files: ['jasmine-reporter.cjs', 'jasmine.json'],
    command: [
      '--require=ts-node/register/transpile-only',
      'node_modules/jasmine/bin/jasmine.js',
      '--config=jasmine.json',
      '--reporter=./jasmine-reporter.cjs',
    ],
  },
]
