import { fileURLToPath } from 'node:url'

/** For the demo's own server and for the static build alike. Relative, so that the build can be hosted anywhere. */
export const page = {
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  configFile: false,
  clearScreen: false,
  logLevel: 'warn',
}

export default page
