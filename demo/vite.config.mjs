import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const { homepage = '', repository = '' } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
)
const address = (repository.url ?? repository).replace(/^git\+/, '').replace(/\.git$/, '')

/** For the demo's own server and for the static build alike. Relative, so that the build can be hosted anywhere. */
export const page = {
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  configFile: false,
  clearScreen: false,
  logLevel: 'warn',
  define: { packagePlaces: JSON.stringify({ homepage, repository: address }) },
}

export default page
