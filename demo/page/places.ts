/** Where somebody goes on who wants to know more. */
export interface Places {
  docs: string
  package: string
  source: string
}

/** What package.json says, written in by vite.config.mjs; empty where it says nothing. */
declare const packagePlaces: { homepage: string; repository: string }

const packagePage = 'https://www.npmjs.com/package/latchkey'

/** The demo's own server has the guides beside it; the static build lies in a folder of the site. */
export function findPlaces(isWorker: boolean): Places {
  const { homepage, repository } = packagePlaces
  return {
    docs: homepage || new URL(isWorker ? '../' : './docs/getting-started.md', document.baseURI).href,
    package: packagePage,
    source: repository || `${packagePage}?activeTab=code`,
  }
}
