import { routeOf } from '../../src/http/futile-refreshes.js'
import { claim, claimIsLinear, claimNothingIsPolluted } from './support/claims.js'
import { hostileUrls } from './support/hostile-urls.js'

export const seeds: readonly string[] = [
  ...hostileUrls,
  'https://api.example.com/items/1/parts/22',
  'https://127.0.0.1:8080/v1/a1b/',
  '/1/2/3',
  '/////1',
]

export function fuzz(data: Buffer): void {
  const url = `https://a.test/${data.toString()}`
  const route = routeOf('GET', url)
  claim(route.split('/').length === url.split('/').length, 'a route has other segments than its URL')
  claim(!/\d/.test(route), 'an id is left in a route')
  claim(routeOf('GET', url.replace(/\d/g, '7')) === route, 'two ids make two routes')
  claim(typeof routeOf('', data.toString()) === 'string', 'what is no URL has no route')
  claimIsLinear(url, 16_384, (long) => routeOf('GET', long))
  claimNothingIsPolluted()
}
