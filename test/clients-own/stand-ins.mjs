// An esbuild plugin that bundles the library for a suite, with the parts that `guard.mjs` names in the place of its own.
import { dirname, join, resolve } from 'node:path'

const harness = JSON.stringify(join(import.meta.dirname, 'harness.mjs'))
const httpClient = JSON.stringify(join(import.meta.dirname, '../../src/http/http-client.ts'))

/** By file: what is exported instead. `original` is the file itself. @type {Record<string, string>} */
const standIns = {
  'src/http/page-url.ts': `export const pageUrl = () => process.env.PAGE`,
  'src/http/origin-policy.ts': `
    export * from 'original'
    import { createOriginPolicy as create, parseUrl } from 'original'
    export function createOriginPolicy() {
      const policy = create([], () => undefined)
      return (url) => {
        const target = url instanceof URL ? url : parseUrl(url, process.env.PAGE)
        return target ? policy(target, target.origin) : 'foreign'
      }
    }`,
  'src/core/clock.ts': `
    export * from 'original'
    import { systemClock as own } from 'original'
    import { harness } from ${harness}
    export const systemClock = { ...own, now: () => own.now() + harness.passedMs }`,
  'src/http/futile-refreshes.ts': `
    export * from 'original'
    import { createFutileRefreshes as create } from 'original'
    import { harness } from ${harness}
    export function createFutileRefreshes(now) {
      const futile = create(now)
      return harness.refusesFirst ? { ...futile, has: () => false } : futile
    }`,
}

/** @type {(url: string) => string} */
const axiosOf = (url) => `
  export * from ${JSON.stringify(url)}
  export { default } from ${JSON.stringify(url)}
  import { AxiosError, getAdapter as find } from ${JSON.stringify(url)}
  import { harness } from ${harness}
  import { isOneTimeBody } from ${httpClient}
  const seen = new WeakSet()
  const hasToken = ({ headers }) => String(headers?.get?.('Authorization')).startsWith('Bearer latchkey-')
  export const getAdapter = (adapters, config) => {
    const adapter = find(adapters, config)
    harness.count(hasToken(config) ? 'withToken' : 'without')
    return harness.refusesFirst && !harness.inAdapter.getStore() ? (attempt) => refuseFirst(adapter, attempt) : adapter
  }
  function refuseFirst(adapter, config) {
    const mark = config.latchkey
    // A stream is not sent again: its 401 goes to the caller, as is meant.
    const isLeft = !mark || seen.has(mark) || !hasToken(config) || isOneTimeBody(config.data)
    if (isLeft) return harness.inAdapter.run(true, adapter, config)
    seen.add(mark)
    harness.count('refused')
    const response = { status: 401, statusText: '', headers: {}, data: '', config, request: {} }
    if (!config.validateStatus || config.validateStatus(401)) return Promise.resolve(response)
    return Promise.reject(new AxiosError('made up', 'ERR_BAD_REQUEST', config, {}, response))
  }`

/** @type {(axios: string) => import('esbuild').Plugin} */
export const standInsFor = (axios) => ({
  name: 'stand-ins',
  setup(build) {
    const root = resolve(import.meta.dirname, '../..')
    build.onResolve({ filter: /.*/, namespace: 'axios' }, ({ path }) =>
      path === axios ? { path, external: true } : undefined,
    )
    build.onResolve({ filter: /^axios$/ }, () => ({ path: axios, namespace: 'axios' }))
    build.onLoad({ filter: /.*/, namespace: 'axios' }, ({ path }) => ({
      contents: axiosOf(path),
      resolveDir: root,
    }))
    build.onResolve({ filter: /\.js$/ }, ({ path, importer, namespace }) => {
      const file = resolve(dirname(importer), path.replace(/\.js$/, '.ts'))
      const name = Object.keys(standIns).find((each) => join(root, each) === file)
      return name && namespace === 'file' ? { path: name, namespace: 'stand-in' } : undefined
    })
    build.onLoad({ filter: /.*/, namespace: 'stand-in' }, ({ path }) => ({
      contents: standIns[path] ?? '',
      resolveDir: dirname(join(root, path)),
      pluginData: join(root, path),
    }))
    build.onResolve({ filter: /^original$/ }, ({ importer }) => ({ path: join(root, importer) }))
  },
})
