import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { buildWorker } from './build-worker.mjs'
import { page } from './vite.config.mjs'

/** Builds the page and the service worker that plays its server: static files, to be hosted anywhere. */
export async function buildDemo(outDir = fileURLToPath(new URL('dist/', import.meta.url))) {
  await build({
    ...page,
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        // By itself, so that the page's own code can be weighed.
        output: { codeSplitting: { groups: [{ name: 'axios', test: /node_modules[\\/]axios/ }] } },
      },
    },
  })
  await buildWorker('worker', { outDir })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildDemo()
