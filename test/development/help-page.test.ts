import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { authError } from '../../src/core/errors.js'
import { helpPage, withHelp } from '../../src/development/help-page.js'
import { useBackend } from '../support/backend.js'
import { openSession } from '../support/guarded-api.js'

const { homepage } = JSON.parse(readFileSync('package.json', 'utf8'))
const backend = useBackend()

test('the message of an error says where to read about its code, after all that it has to say', () => {
  expect(authError('SESSION_EXPIRED', 'This has no sentence', {}, 'status 401').message).toBe(
    `This has no sentence: status 401. See SESSION_EXPIRED in ${helpPage}`,
  )
})

test('a message that ends in a full stop has one, not two, and one that asks has none', () => {
  expect(withHelp('Look there.', 'DISPOSED')).toBe(withHelp('Look there', 'DISPOSED'))
  expect(withHelp('Is it there?', 'DISPOSED')).toMatch(/^Is it there\? See DISPOSED in /)
})

test('a message that quotes one of an error leads to one place', () => {
  const quoted = authError('REFRESH_FAILED', 'It failed').message
  expect(withHelp(`${quoted}. Look at the cable`, 'SILENT_START_FAILED')).toBe(
    `It failed. Look at the cable. See SILENT_START_FAILED in ${helpPage}`,
  )
})

test('the message of a warning says so too, and other events have none', async () => {
  backend.renew = () => Response.json({ token: 'elsewhere' })
  const session = openSession()
  const events: { type: string; code?: string; message?: string }[] = []
  session.on((event) => events.push(event))
  await session.setTokens({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  await session.refresh().catch(() => {})
  const [hint] = events.filter(({ type }) => type === 'warning')
  expect(hint?.message).toMatch(new RegExp(`See ${hint?.code} in ${helpPage}$`))
  expect(events.some(({ type }) => type === 'refresh-failed')).toBe(true)
  expect(events.filter(({ type, message }) => type !== 'warning' && message)).toEqual([])
})

test('messages lead into the package until it has a homepage, and from then on to the site', () => {
  if (homepage) expect(helpPage).toMatch(/^https:/)
  else expect(existsSync(helpPage.replace('node_modules/latchkey/', ''))).toBe(true)
})
