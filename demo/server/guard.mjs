import { buildWorker } from '../build-worker.mjs'

/** The service worker that guards the pictures, as one file. Bundled when it is asked for, once unless files are watched. */
export function serveGuard({ watch }) {
  let script = null
  return async (_request, response) => {
    if (!script || watch) script = buildWorker('guard', { write: false })
    response
      .type('js')
      .set('Cache-Control', 'no-cache')
      .send(await script)
  }
}
