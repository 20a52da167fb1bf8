import { fileURLToPath } from 'node:url'

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url))

/** The page, and the two scripts that it takes by script tag: a site would put them beside it, or take them from a CDN. */
export const plainPage = {
  directory: path('.'),
  files: {
    'axios.min.js': path('../../node_modules/axios/dist/axios.min.js'),
    'latchkey.iife.min.js': path('../../dist/latchkey.iife.min.js'),
  },
}
