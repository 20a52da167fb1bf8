import { fieldOf } from '../core/own-fields.js'

/**
 * What relative URLs are relative to. A `<base>` that leads to another origin may be an attacker's, and must not take the
 * tokens there: then they are relative to nothing. `undefined` where there is neither a page nor a worker.
 */
export function pageUrl(): string | undefined {
  const document = fieldOf(globalThis, 'document') as Document | undefined
  // Before the getter below throws, which costs more than all the rest of a request.
  if (!document) return workerUrl()
  const { location, origin, Node } = globalThis
  let base = document.baseURI
  try {
    // By the getter itself, because an element named `baseURI` takes the place of the property.
    base = Reflect.get(Node.prototype, 'baseURI', document)
  } catch {
    // Not a whole DOM.
  }
  if (!base || !location) return base
  // A variable named `origin` takes the place of the page's, which counts only where `location` has none, and where a
  // sandbox has taken it away.
  const own = [origin, location.origin].includes('null') ? origin : location.origin
  return `${base}`.startsWith(`${own}/`) ? base : 'about:blank'
}

/** A worker's own, which `fetch` goes by there. */
const workerUrl = (): string | undefined =>
  (fieldOf(globalThis, 'WorkerGlobalScope') && globalThis.location?.href) as string | undefined
