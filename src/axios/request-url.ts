import { Axios, type AxiosInstance, type InternalAxiosRequestConfig } from 'axios'
import { fieldOf } from '../core/own-fields.js'
import { type OriginPolicy, parseUrl, type UrlVerdict } from '../http/origin-policy.js'
import { pageUrl } from '../http/page-url.js'

type Target = Pick<InternalAxiosRequestConfig, 'url' | 'baseURL' | 'allowAbsoluteUrls'>

/** Whether a request may carry the token. */
export type ConfigPolicy = (target: Target) => UrlVerdict

/** What axios takes as a full URL, whose `baseURL` then does not count. */
const absolute = /^([a-z][a-z\d+.-]*:)?\/\//i
/** A base with a host of its own: that of `//` and `http:///` would come from the path. */
const anchored = /^(https?:)?\/\/[a-z\d]/i
/** A path on the same origin, whatever follows: unlike `//host`, `/\\host` and `/<tab>/host`. */
const plainPath = /^\/[\w-]/
/** What no page adds to. */
const withScheme = /^[a-z][a-z\d+.-]*:/i

/** What a config says of where it goes: its own fields, as axios reads them. */
export const targetOf = (config: object): Target => ({
  url: fieldOf(config, 'url') as string,
  baseURL: fieldOf(config, 'baseURL') as string,
  allowAbsoluteUrls: fieldOf(config, 'allowAbsoluteUrls') as boolean,
})

/** The page that a request is relative to, `undefined` where no page matters. */
export const pageOf = ({ url, baseURL }: Target): string | undefined =>
  withScheme.test(baseURL || (url as string)) && !/^\/\//.test(url as string) ? undefined : pageUrl()

/** Where a request goes: URLs combined as axios does, without an instance, whose defaults would be added twice. */
export function finalUrlOf({ url, baseURL, allowAbsoluteUrls }: Target): string {
  const config: Target = Object.create(null)
  if (url !== undefined) config.url = url
  if (baseURL !== undefined) config.baseURL = baseURL
  if (allowAbsoluteUrls !== undefined) config.allowAbsoluteUrls = allowAbsoluteUrls
  return Axios.prototype.getUri.call({ defaults: {} } as Axios, config)
}

/** The same place, whatever becomes of the page. */
export function pinnedTo(page: string | undefined, target: Target): Target {
  const url = finalUrlOf(target)
  return withScheme.test(url) ? target : targetOf({ url: parseUrl(url, page)?.href })
}

/**
 * Judges where a request really goes. For most it is plain from the strings that the path cannot change the origin, and
 * then one parse serves all requests of a base URL.
 */
export function createConfigPolicy(
  instance: AxiosInstance,
  policy: OriginPolicy,
  page: () => string | undefined = pageUrl,
): ConfigPolicy {
  let known:
    | { base: string; own: string | undefined; page: string | undefined; verdict: UrlVerdict }
    | undefined

  function judge(target: Target): UrlVerdict {
    const { url = '', baseURL = '' } = target
    // The defaults of axios itself are a plain object.
    const own = fieldOf(instance.defaults, 'baseURL') as string | undefined
    const isPlain = typeof url === 'string' && typeof baseURL === 'string' && !absolute.test(url)
    const isAnchored = isPlain && anchored.test(baseURL)
    if (!isAnchored && !(isPlain && plainPath.test(baseURL || url))) return policy(finalUrlOf(target), own)
    const base = isAnchored ? baseURL : ''
    const where = isAnchored ? undefined : page()
    if (known?.base !== base || known.own !== own || known.page !== where) {
      known = { base, own, page: where, verdict: policy(finalUrlOf({ baseURL: base, url: '/' }), own) }
    }
    return known.verdict
  }

  return (target) => {
    try {
      return judge(target)
    } catch {
      // axios itself says what is wrong with the URL.
      return 'foreign'
    }
  }
}
