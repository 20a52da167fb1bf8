// @vitest-environment node
import { expect, test } from 'vitest'
import { cookieFindings, cookieHeader, isTokenCookie, parseSetCookie } from '../../bin/doctor/cookies.js'
import { isSameSite } from '../../bin/doctor/site.js'

const url = new URL('https://api.example.com/auth/refresh')
const codes = (line: string, origin = 'https://app.example.com'): string[] =>
  cookieFindings(parseSetCookie(line), url, origin).map(({ code }) => code)

test.each([
  ['rt=x; HttpOnly; Secure; SameSite=Strict; Path=/auth', []],
  ['rt=x; HttpOnly; Secure; SameSite=Lax; Path=/', []],
  ['rt=x; HttpOnly; Secure; Path=/; Domain=.example.com', []],
  ['__Host-rt=x; HttpOnly; Secure; SameSite=Strict; Path=/', []],
  ['rt=x; HttpOnly; SameSite=Strict; Path=/auth', ['COOKIE_NOT_SECURE']],
  ['rt=x; Secure; SameSite=Strict', ['COOKIE_NOT_HTTP_ONLY']],
  ['rt=x; HttpOnly; SameSite=None', ['COOKIE_NONE_WITHOUT_SECURE', 'COOKIE_SAME_SITE_NONE']],
  ['__Host-rt=x; HttpOnly; Secure; Path=/auth', ['COOKIE_PREFIX']],
  ['__Secure-rt=x; HttpOnly; Path=/', ['COOKIE_NOT_SECURE', 'COOKIE_PREFIX']],
  ['rt=x; HttpOnly; Secure; Path=/authentication', ['COOKIE_PATH']],
  ['rt=x; HttpOnly; Secure; Domain=app.example.com', ['COOKIE_DOMAIN']],
  ['access_token=x; HttpOnly; Secure; Path=/api', []],
])('for an app of the same site, %s gives %j', (line, expected) => {
  expect(codes(line)).toEqual(expected)
})

test.each([
  ['rt=x; HttpOnly; Secure; SameSite=Lax', ['COOKIE_CROSS_SITE']],
  ['rt=x; HttpOnly; Secure', ['COOKIE_CROSS_SITE']],
  ['rt=x; HttpOnly; Secure; SameSite=None', ['COOKIE_THIRD_PARTY']],
])('for an app of another site, %s gives %j', (line, expected) => {
  expect(codes(line, 'https://other.example')).toEqual(expected)
})

test.each([
  ['https://app.example.com', 'https://api.example.com', true],
  ['https://app.example.com:8443', 'https://example.com', true],
  ['http://app.example.com', 'https://api.example.com', false],
  ['https://one.github.io', 'https://two.github.io', false],
  ['https://a.one.co.kr', 'https://b.one.co.kr', true],
  ['https://one.co.uk', 'https://two.co.uk', false],
  ['http://localhost:5173', 'http://localhost:3000', true],
  ['http://localhost:5173', 'http://127.0.0.1:3000', false],
])('%s and %s are of the same site: %j', (a, b, expected) => {
  expect(isSameSite(new URL(a), new URL(b))).toBe(expected)
})

test('a CSRF token and a language sign nobody in', () => {
  const names = ['refreshToken', 'rt', 'JSESSIONID', 'XSRF-TOKEN', 'csrf_token', 'lang']
  expect(names.filter((name) => isTokenCookie(parseSetCookie(`${name}=x`)))).toEqual([
    'refreshToken',
    'rt',
    'JSESSIONID',
  ])
})

test('the call brings the cookies of its path, the latest of each name, and none that was removed', () => {
  const cookies = ['a=1; Path=/auth', 'a=2; Path=/auth', 'b=3; Path=/other', 'c=; Max-Age=0', 'd=4'].map(
    parseSetCookie,
  )
  expect(cookieHeader(cookies, url)).toBe('a=2; d=4')
})
