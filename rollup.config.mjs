import { readdirSync, readFileSync, rmSync } from 'node:fs'
import nodeResolve from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import dts from 'rollup-plugin-dts'
import esbuild from 'rollup-plugin-esbuild'
import { production } from './scripts/production.mjs'

// A file directly in src/ is an entry point, and its name is its import path.
const entryPoints = Object.fromEntries(
  readdirSync('src')
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [file.replace(/\.ts$/, ''), `src/${file}`]),
)

/** Angular's own packages are ES modules alone, and CommonJS cannot import their types. */
const { angular, ...commonJsEntryPoints } = entryPoints
const entryPointsFor = (extension) => (/cjs|cts/.test(extension) ? commonJsEntryPoints : entryPoints)

const { dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
const external = Object.keys({ ...dependencies, ...peerDependencies }).map(
  (name) => new RegExp(`^${name}($|/)`),
)
const transpile = () => esbuild({ target: 'es2022' })
/** As `sideEffects` of package.json says: a module of which nothing is used goes as a whole. */
const treeshake = { moduleSideEffects: false }

/** The same files twice: apps get the second under the export condition `development`. */
const builds = [
  { dir: 'dist', plugins: [production, transpile()] },
  { dir: 'dist/development', plugins: [transpile()] },
]

/** One copy of the shared code for all entry points; names without hashes, so that two releases can be compared. */
const modules = (extension, options) => ({
  dir: 'dist',
  entryFileNames: `[name].${extension}`,
  chunkFileNames: `chunks/[name].${extension}`,
  // Or files would import chunks that only other chunks use.
  hoistTransitiveImports: false,
  // Server components look for it at the very top; in the source, rollup would drop it.
  banner: ({ name }) => (name === 'react' && extension.endsWith('js') ? `'use client'` : ''),
  ...options,
})

/** What a script tag gets: the session and its axios wrapper under one global. */
const scriptTag = {
  name: 'script-tag',
  resolveId: (id) => (id === 'script-tag' ? id : null),
  load: (id) =>
    id === 'script-tag'
      ? `export * from './src/index.ts'; export { withSession } from './src/axios.ts'`
      : null,
}

/** Wherever node_modules was, in a map it lies beside dist. */
const besideDist = (source) => source.replace(/^.*\/node_modules\//, '../node_modules/')

rmSync('dist', { recursive: true, force: true })

export default [
  ...builds.flatMap(({ dir, plugins }) =>
    ['js', 'cjs'].map((extension) => ({
      input: entryPointsFor(extension),
      external,
      plugins,
      treeshake,
      output: modules(extension, {
        dir,
        format: extension === 'cjs' ? 'cjs' : 'es',
        exports: 'named',
        sourcemap: true,
      }),
    })),
  ),
  ...['d.ts', 'd.cts'].map((extension) => ({
    input: entryPointsFor(extension),
    external,
    plugins: [dts()],
    output: modules(extension, { format: 'es' }),
  })),
  {
    input: 'script-tag',
    external: 'axios',
    plugins: [scriptTag, production, nodeResolve(), transpile(), terser()],
    treeshake,
    output: {
      file: 'dist/latchkey.iife.min.js',
      format: 'iife',
      name: 'latchkey',
      globals: { axios: 'axios' },
      sourcemap: true,
      sourcemapPathTransform: besideDist,
    },
  },
  // `npx latchkey`: for Node, in one file, and out of reach of every import path.
  {
    input: 'bin/latchkey.ts',
    external: /^node:/,
    plugins: [nodeResolve(), esbuild({ target: 'node20' })],
    treeshake,
    output: {
      file: 'dist/cli.js',
      format: 'es',
      banner: '#!/usr/bin/env node',
      inlineDynamicImports: true,
      sourcemap: true,
      sourcemapPathTransform: besideDist,
    },
  },
]
