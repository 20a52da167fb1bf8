import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { page } from './vite.config.mjs'

/** Bundles a service worker of the folder `worker` as one file, and returns its text. */
export async function buildWorker(name, output) {
  const built = await build({
    ...page,
    build: {
      ...output,
      emptyOutDir: false,
      target: 'es2022',
      lib: {
        entry: fileURLToPath(new URL(`worker/${name}.ts`, import.meta.url)),
        formats: ['iife'],
        name,
        fileName: () => `${name}.js`,
      },
    },
  })
  return [built].flat()[0].output[0].code
}
