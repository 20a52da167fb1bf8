// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { createFutileRefreshes, type FutileRefreshes, routeOf } from '../../src/http/futile-refreshes.js'

function atTime(): { futile: FutileRefreshes; pass(ms: number): void } {
  let now = 1_000_000
  const futile = createFutileRefreshes(() => now)
  return {
    futile,
    pass(ms) {
      now += ms
    },
  }
}

describe('a route that a refresh did not help', () => {
  test('is remembered, and no other', () => {
    const { futile } = atTime()
    futile.add('GET /broken')
    expect(futile.has('GET /broken')).toBe(true)
    expect(futile.has('POST /broken')).toBe(false)
    expect(futile.has('GET /fine')).toBe(false)
  })

  test('is remembered for a minute', () => {
    const { futile, pass } = atTime()
    futile.add('GET /broken')
    pass(59_999)
    expect(futile.has('GET /broken')).toBe(true)
    pass(1)
    expect(futile.has('GET /broken')).toBe(false)
  })

  test('is forgotten when the clock is set back, or it would be remembered for that much longer', () => {
    const { futile, pass } = atTime()
    futile.add('GET /broken')
    pass(-500_000)
    expect(futile.has('GET /broken')).toBe(false)
  })

  test('is remembered for a minute from the last time', () => {
    const { futile, pass } = atTime()
    futile.add('GET /broken')
    pass(40_000)
    futile.add('GET /broken')
    pass(40_000)
    expect(futile.has('GET /broken')).toBe(true)
  })

  test('is forgotten at once when it is deleted', () => {
    const { futile } = atTime()
    futile.add('GET /broken')
    futile.delete('GET /broken')
    expect(futile.has('GET /broken')).toBe(false)
    expect(futile.routes.size).toBe(0)
  })
})

test('nothing is remembered at first', () => {
  expect(atTime().futile.routes.size).toBe(0)
})

test('a page that runs for months keeps the two hundred routes that were refused last', () => {
  const { futile } = atTime()
  for (let index = 0; index < 250; index++) futile.add(`GET /${index}`)
  expect(futile.routes.size).toBe(200)
  expect(futile.has('GET /50')).toBe(true)
  futile.add('GET /60')
  futile.add('GET /last')
  const kept = Array.from({ length: 250 }, (_, index) => futile.has(`GET /${index}`)).filter(Boolean)
  expect(kept.length).toBeLessThanOrEqual(200)
  expect(futile.has('GET /last')).toBe(true)
  expect(futile.has('GET /60')).toBe(true)
  expect(futile.has('GET /0')).toBe(false)
})

describe('a route is method and path', () => {
  const route = (url: string): string => routeOf('GET', url)

  test('in which ids are alike', () => {
    expect(route('https://api.example.com/items/1')).toBe(route('https://api.example.com/items/22'))
    const uuid = '0d9c6f2e-2c0b-4d0a-9d5e-5f1c7b9a3e11'
    expect(route(`https://api.example.com/items/${uuid}/notes`)).toBe(
      route('https://api.example.com/items/7/notes'),
    )
    expect(route('https://api.example.com/items/order-7a')).toBe(route('https://api.example.com/items/7'))
    expect(route('https://a/1')).toBe(route('https://a/2'))
  })

  test('in which words are not', () => {
    expect(route('https://api.example.com/items')).not.toBe(route('https://api.example.com/notes'))
    expect(route('https://api.example.com/items/1')).not.toBe(route('https://api.example.com/items'))
    expect(route('https://api.example.com/items/1')).not.toBe(route('https://api.example.com/items/1/notes'))
  })

  test('in which methods are not', () => {
    expect(routeOf('GET', 'https://api.example.com/items')).not.toBe(
      routeOf('POST', 'https://api.example.com/items'),
    )
  })

  test.each([
    ['http://localhost:3000/a', 'http://localhost:4000/a'],
    ['http://127.0.0.1:3000/a', 'http://127.0.0.1:4000/a'],
    ['https://api1.example.com/a', 'https://api2.example.com/a'],
    ['http://[::1]:3000/a', 'http://[::1]:4000/a'],
  ])('on an origin of its own, digits or not: %s is not %s', (one, other) => {
    expect(route(one)).not.toBe(route(other))
  })
})
