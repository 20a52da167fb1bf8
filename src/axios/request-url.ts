import { Axios, type AxiosInstance, type InternalAxiosRequestConfig } from 'axios'
import type { OriginPolicy, UrlVerdict } from '../http/origin-policy.js'
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

/** Where a request goes: URLs combined as axios does, without an instance, whose defaults would be added twice. */
export function finalUrlOf({ url, baseURL, allowAbsoluteUrls }: Target): string {
  const config: Target = Object.create(null)
  if (url !== undefined) config.url = url
  if (baseURL !== undefined) config.baseURL = baseURL
  if (allowAbsoluteUrls !== undefined) config.allowAbsoluteUrls = allowAbsoluteUrls
  return Axios.prototype.getUri.call({ defaults: {} } as Axios, config)
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

  function judge(config: Target): UrlVerdict {
    const { url = '', baseURL = '' } = config
    const own = instance.defaults.baseURL
    const isPlain = typeof url === 'string' && typeof baseURL === 'string' && !absolute.test(url)
    const isAnchored = isPlain && anchored.test(baseURL)
    if (!isAnchored && !(isPlain && plainPath.test(baseURL || url))) return policy(finalUrlOf(config), own)
    const base = isAnchored ? baseURL : ''
    const where = isAnchored ? undefined : page()
    if (known?.base !== base || known.own !== own || known.page !== where) {
      known = { base, own, page: where, verdict: policy(finalUrlOf({ baseURL: base, url: '/' }), own) }
    }
    return known.verdict
  }

  return (config) => {
    try {
      return judge(config)
    } catch {
      // axios itself says what is wrong with the URL.
      return 'foreign'
    }
  }
}
