// What the examples have in common: latchkey from this repository instead of from the registry, and an API to sign in to.
import { fileURLToPath } from 'node:url'
import { createApi } from './api.mjs'

const source = fileURLToPath(new URL('../src', import.meta.url))

/** @type {import('vite').UserConfig} */
export const shared = {
  resolve: {
    alias: [
      { find: /^latchkey$/, replacement: `${source}/index.ts` },
      { find: /^latchkey\/(.*)$/, replacement: `${source}/$1.ts` },
    ],
  },
  plugins: [
    {
      name: 'api',
      configureServer(server) {
        server.middlewares.use(createApi().handle)
      },
    },
  ],
}
