import { Axios, type AxiosInstance, type InternalAxiosRequestConfig } from 'axios'
import type { RequestPolicy, UrlVerdict } from '../http/request-policy.js'

type Target = Pick<InternalAxiosRequestConfig, 'url' | 'baseURL' | 'allowAbsoluteUrls'>

/** Whether a request may carry the token. */
export type UrlJudge = (target: Target) => UrlVerdict

/**
 * Judges where a request really goes. For most it is plain from the strings that the path cannot change the origin, and
 * then one parse serves all requests of a base URL.
 */
export function createUrlJudge(
  instance: AxiosInstance,
  policy: RequestPolicy,
  page: () => string | undefined,
): UrlJudge {
  const judge: UrlJudge = (config) => policy.judge(finalUrlOf(config), instance.defaults.baseURL)
  let known:
    | { base: string; own: string | undefined; page: string | undefined; verdict: UrlVerdict }
    | undefined

  return (config) => {
    const { url = '', baseURL = '' } = config
    if (typeof url !== 'string' || typeof baseURL !== 'string' || absolute.test(url)) return judge(config)
    const isAnchored = anchored.test(baseURL)
    if (!isAnchored && !plainPath.test(baseURL || url)) return judge(config)
    const base = isAnchored ? baseURL : ''
    const own = instance.defaults.baseURL
    const where = isAnchored ? undefined : page()
    if (known?.base !== base || known.own !== own || known.page !== where) {
      known = { base, own, page: where, verdict: policy.judge(finalUrlOf({ baseURL: base, url: '/' }), own) }
    }
    return known.verdict
  }
}

/** What axios takes as a full URL, whose `baseURL` then does not count. */
const absolute = /^([a-z][a-z\d+.-]*:)?\/\//i
/** A base with a host of its own: that of `//` and `http:///` would come from the path. */
const anchored = /^(https?:)?\/\/[a-z\d]/i
/** A path on the same origin, whatever follows: unlike `//host`, `/\\host` and `/<tab>/host`. */
const plainPath = /^\/[\w-]/

/** Combines URLs as axios does; no instance of the app's, so that its defaults are not added twice. */
const combine = new Axios({})
export const finalUrlOf = ({ url, baseURL, allowAbsoluteUrls }: Target): string =>
  combine.getUri({
    ...(url === undefined ? undefined : { url }),
    ...(baseURL === undefined ? undefined : { baseURL }),
    ...(allowAbsoluteUrls === undefined ? undefined : { allowAbsoluteUrls }),
  })
