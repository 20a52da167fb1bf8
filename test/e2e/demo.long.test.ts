import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright'
import { describe, test } from 'vitest'
import { callOnce, run, untilRun, useDemo } from './support/demo-bench.js'
import { photograph } from './support/demo-look.js'

const demo = useDemo()

const untilExpired = (page: Page): Promise<void> => page.locator('[data-life=expired]').waitFor()

const wire: Record<string, RegExp> = {
  headers: /Refresh: \S+…\S+[\s\S]*HTTP 200[\s\S]*"accessToken"/,
  json: /{"accessToken":"\S+…\S+","refreshToken":"\S+…\S+"}[\s\S]*HTTP 200/,
  cookie: /X-Requested-With: latchkey\s+HTTP 200[\s\S]*"expiresIn":15/,
  oauth: /grant_type=refresh_token&client_id=demo-page&refresh_token=\S+…\S+[\s\S]*"token_type":"Bearer"/,
  django: /{"refresh":"\S+…\S+"}[\s\S]*HTTP 200[\s\S]*"access":/,
  spring: /Authorization-refresh: Bearer \S+…\S+[\s\S]*HTTP 200[\s\S]*Authorization: Bearer \S+…\S+/,
  aspnet: /POST \/latchkey\/aspnet\/api\/token\/refresh[\s\S]*"refreshToken"[\s\S]*HTTP 200/,
}

describe.concurrent('the demo page', () => {
  test('an expired token is left alone until a call needs a new one, and outlives a reload', async ({
    expect,
  }) => {
    await demo.visit(async ({ openSignedIn, change, counters }) => {
      await change({ accessTokenLifetimeMs: 4_000 })
      const page = await openSignedIn()
      await page.reload()
      await page.getByTestId('session').waitFor()
      await untilExpired(page)
      await page.reload()
      await page.getByTestId('session').waitFor()
      expect((await counters()).latchkey.refreshes).toBe(0)
      await callOnce(page)
      expect((await counters()).latchkey).toMatchObject({
        requests: 1,
        accepted: 1,
        refreshes: 1,
        sessions: 1,
      })
      expect(await page.getByTestId('generation').textContent()).toContain('2, refreshed 1')
    })
  })

  test('two tabs whose shared token has ended cost one refresh, and are drawn in one picture', async ({
    expect,
  }) => {
    await demo.visit(async ({ openSignedIn, counters }) => {
      const first = await openSignedIn()
      const [second] = await Promise.all([
        first.context().waitForEvent('page'),
        first.getByTestId('another-tab').click(),
      ])
      await second.getByTestId('session').waitFor()
      await expect.poll(() => first.getByTestId('tab-list').locator('li').count()).toBe(2)
      await run(first, 'tabs')
      expect(await counters()).toMatchObject({
        latchkey: { accepted: 16, refreshes: 1, refreshesRefused: 0, reuseDetected: 0 },
        queue: { reuseDetected: 1, sessionsLost: 1 },
      })
      expect(await first.locator('.group-name').allTextContents()).toEqual([
        'Copied queue, tab A (this one)',
        'Copied queue, tab B',
        'Latchkey, tab A (this one)',
        'Latchkey, tab B',
      ])
      expect(await first.getByTestId('verdict-latchkey').textContent()).toMatch(
        /16 of 16 calls answered · 1\srefresh$/,
      )
      expect(await first.locator('iframe').count(), 'a real tab needs no frame').toBe(0)
      await photograph(first, 'two-tabs')
    })
  })

  test('the tab that refreshes is shown as the one that holds the lock', async () => {
    await demo.visit(async ({ openSignedIn, change }) => {
      const page = await openSignedIn()
      await change({ refreshLatencyMs: 1_500 })
      await page.getByTestId('scenario-burst').click()
      await page.locator('[data-tab=A].holder').waitFor()
      await untilRun(page)
      await page.locator('[data-tab=A]:not(.holder)').waitFor()
    })
  })

  test('without Web Locks two tabs still cost one refresh', async ({ expect }) => {
    await demo.visit(async ({ open, openSignedIn, counters }) => {
      const first = await openSignedIn('locks=off')
      const second = await open('locks=off')
      await second.getByTestId('session').waitFor()
      expect(await first.evaluate(() => 'locks' in navigator && navigator.locks === undefined)).toBe(true)
      await run(first, 'tabs')
      expect((await counters()).latchkey).toMatchObject({
        accepted: 16,
        refreshes: 1,
        reuseDetected: 0,
        sessions: 1,
      })
    })
  })

  test('signing out ends the session on the server and in every tab', async ({ expect }) => {
    await demo.visit(async ({ open, openSignedIn, counters }) => {
      const first = await openSignedIn()
      const second = await open()
      await second.getByTestId('session').waitFor()
      expect((await counters()).latchkey.sessions).toBe(1)
      await first.getByTestId('sign-out').click()
      for (const page of [first, second]) await page.getByTestId('signed-out').waitFor()
      await expect.poll(async () => (await counters()).latchkey.sessions).toBe(0)
      await first.reload()
      await first.getByTestId('signed-out').waitFor()
    })
  })

  test('a wrong password starts no session, and an empty one is refused beside its field', async ({
    expect,
  }) => {
    await demo.visit(async ({ open, counters }) => {
      const page = await open()
      await page.getByTestId('password').fill('')
      await page.getByTestId('sign-in').click()
      await expect
        .poll(() => page.getByTestId('password-complaint').textContent())
        .toBe('Enter the password.')
      await page.getByTestId('password').fill('guess')
      await page.getByTestId('sign-in').click()
      await expect.poll(() => page.getByTestId('sign-in-complaint').textContent()).toContain('no such user')
      await page.route('**/auth/login', (route) => route.fulfill({ status: 429 }))
      await page.getByTestId('sign-in').click()
      await expect.poll(() => page.getByTestId('sign-in-complaint').textContent()).toContain('in a minute')
      expect((await counters()).latchkey.sessions).toBe(0)
    })
  })

  test('what no field can take is refused beside it, in words, and changes nothing', async ({ expect }) => {
    await demo.visit(async ({ open }) => {
      const page = await open()
      const cases = [
        ['lifetime', '-5', '-5 is too small: 4 to 60.'],
        ['lifetime', 'abc', '“abc” is not a whole number.'],
        ['lifetime', '1e1', '“1e1” is not a whole number.'],
        ['lifetime', '', 'Enter a number.'],
        ['latency', '99999', '99999 is too large: 0 to 5000.'],
        ['skew', '600', '600 is too large: -20 to 20.'],
        ['skew', '0.5', '“0.5” is not a whole number.'],
      ] as const
      for (const [field, text, complaint] of cases) {
        await page.getByTestId(field).fill(text)
        await page.getByTestId(field).blur()
        expect(await page.getByTestId(`${field}-complaint`).textContent()).toBe(complaint)
        expect(await page.getByTestId(field).getAttribute('aria-invalid')).toBe('true')
      }
      const settings = await page.evaluate(async () => (await fetch('demo/settings')).json())
      expect(settings).toMatchObject({ accessTokenLifetimeMs: 15_000, refreshLatencyMs: 400 })
      await page.getByTestId('lifetime').fill('7')
      await page.getByTestId('lifetime').blur()
      expect(await page.getByTestId('lifetime-complaint').textContent()).toBe('')
      await expect
        .poll(() =>
          page.evaluate(async () => (await (await fetch('demo/settings')).json()).accessTokenLifetimeMs),
        )
        .toBe(7_000)
    })
  })

  test('no whole token is ever on the page, though every exchange is', async ({ expect }) => {
    await demo.visit(async ({ openSignedIn }) => {
      const page = await openSignedIn()
      const sent = new Set<string>()
      page.on('request', (request) => {
        const { authorization, refresh } = request.headers()
        for (const token of [authorization?.replace('Bearer ', ''), refresh]) if (token) sent.add(token)
      })
      await run(page, 'burst')
      expect(
        sent.size,
        'two access tokens and a refresh token of Latchkey, and those of the other',
      ).toBeGreaterThan(4)
      // All lines, one after the other, without a round trip for each.
      const seen = await page.getByTestId('timeline').evaluate((timeline) =>
        Array.from({ length: 62 }, () => {
          timeline.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown' }))
          return document.querySelector('[data-testid=cursor]')?.textContent ?? ''
        }),
      )
      expect(seen.filter((text) => text.includes('Authorization: Bearer eyJ')).length).toBeGreaterThan(40)
      const everything = (await page.content()) + seen.join('\n')
      for (const token of sent) for (const part of token.split('.')) expect(everything).not.toContain(part)
    })
  })

  test.for(Object.entries(wire))(
    'it speaks %s from the sign-in to the sign-out and to the end of a session, and shows what went over the wire',
    async ([protocol, exchange], { expect }) => {
      await demo.visit(async ({ open, counters }) => {
        const page = await open(`scenario=burst&compare=off&protocol=${protocol}`)
        await untilRun(page)
        expect((await counters()).latchkey).toMatchObject({
          refused: 20,
          accepted: 20,
          refreshes: 1,
          sessions: 1,
        })
        expect(await page.getByTestId('raw-exchange').textContent()).toMatch(exchange)
        await page.getByTestId('sign-out').click()
        await expect.poll(async () => (await counters()).latchkey.sessions).toBe(0)
        await run(page, 'refresh-401')
        expect((await counters()).latchkey).toMatchObject({
          refreshes: 1,
          refreshesRefused: 1,
          sessions: 0,
        })
        expect(await page.getByTestId('sign-in-reason').textContent()).toContain('has ended')
      })
    },
  )

  test('the log can be filtered, and exported as it is filtered', async ({ expect }) => {
    await demo.visit(async ({ openSignedIn }) => {
      const page = await openSignedIn()
      await run(page, 'burst')
      await page.getByTestId('log-kind').selectOption('refresh-succeeded')
      await expect.poll(() => page.getByTestId('log-rows').locator('tr').count()).toBe(1)
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByTestId('log-export').click(),
      ])
      const exported = JSON.parse(await readFile(await download.path(), 'utf8'))
      expect(exported).toMatchObject([{ tab: 'A', event: { type: 'refresh-succeeded' } }])
      await page.getByTestId('log-search').fill('no such thing')
      expect(await page.getByTestId('log-count').textContent()).toBe('No event matches the filter.')
    })
  })

  test('expiring a token tells the server alone; the next call finds out', async ({ expect }) => {
    await demo.visit(async ({ openSignedIn, counters }) => {
      const page = await openSignedIn()
      await page.getByTestId('expire-now').click()
      await expect.poll(() => page.getByTestId('expired-now').textContent()).toContain('now rejects')
      expect(await page.getByTestId('ring').getAttribute('data-life')).toBe('good')
      await callOnce(page)
      expect((await counters()).latchkey).toMatchObject({ requests: 2, refused: 1, refreshes: 1 })
    })
  })

  test('a run lends itself the server’s settings alone, and gives them back, even when its page is reloaded', async ({
    expect,
  }) => {
    await demo.visit(async ({ open, openSignedIn, settings }) => {
      const [first, second] = [await openSignedIn('compare=off'), await open()]
      await first.getByTestId('scenario-refresh-hang').click()
      await expect.poll(async () => (await settings()).fault).toBe('hang')
      await second.getByTestId('scenario-single').click()
      await expect.poll(() => second.getByTestId('notice').textContent()).toContain('Another tab is playing')
      await first.reload()
      await first.getByTestId('session').waitFor()
      await expect.poll(async () => (await settings()).fault).toBe('none')
    })
  })

  test('a network that goes in the middle of a run fails its calls in time, and takes no setting along', async ({
    expect,
  }) => {
    await demo.visit(async ({ openSignedIn, settings }) => {
      const page = await openSignedIn('compare=off')
      await page.getByTestId('scenario-refresh-slow').click()
      await page.locator('[data-life=refreshing]').waitFor()
      await page.context().setOffline(true)
      await untilRun(page)
      expect(await page.getByTestId('verdict-latchkey').textContent()).toContain('Still signed in0 of 8')
      await page.context().setOffline(false)
      await expect.poll(async () => (await settings()).refreshLatencyMs).toBe(400)
    })
  })

  test('what somebody sets while a run is under way stays set', async ({ expect }) => {
    await demo.visit(async ({ openSignedIn, settings }) => {
      const page = await openSignedIn('compare=off')
      await page.getByTestId('scenario-dropped-grace').click()
      await expect.poll(async () => (await settings()).rotation).toBe('grace')
      await page.getByTestId('rotation-none').check()
      await page.getByTestId('lifetime').fill('7')
      await page.getByTestId('lifetime').blur()
      await untilRun(page)
      expect(await settings()).toMatchObject({ rotation: 'none', accessTokenLifetimeMs: 7_000 })
      expect(await page.getByTestId('rotation-none').isChecked()).toBe(true)
    })
  })

  test('offline stays offline until it is switched off; the calls fail and the session is kept', async ({
    expect,
  }) => {
    await demo.visit(async ({ openSignedIn }) => {
      const page = await openSignedIn()
      await page.getByTestId('offline').check()
      await run(page, 'burst')
      expect(await page.getByTestId('verdict-latchkey').textContent()).toContain('Still signed in0 of 20')
      expect(await page.getByTestId('offline').isChecked()).toBe(true)
      await page.getByTestId('offline').uncheck()
      await run(page, 'single')
      expect(await page.getByTestId('verdict-latchkey').textContent()).toContain('1 of 1 calls answered')
    })
  })

  test('with the server gone every button says so, and works once it is back', async ({ expect }) => {
    await demo.visit(async ({ openSignedIn }) => {
      const page = await openSignedIn()
      await page.route('**/demo/*', (route) => route.abort())
      await run(page, 'single')
      expect(await page.getByTestId('notice').textContent()).toContain('Is it still running?')
      await page.unroute('**/demo/*')
      await run(page, 'single')
      expect(await page.getByTestId('notice').textContent()).toBe('')
    })
  })

  test('a wait for the token that is called off makes no call', async ({ expect }) => {
    await demo.visit(async ({ openSignedIn, counters }) => {
      const page = await openSignedIn()
      await page.getByTestId('scenario-expired').click()
      await page.getByText('Cancel the wait').click()
      await untilRun(page)
      expect(await page.getByTestId('verdict-latchkey').textContent()).toContain('No call was made.')
      expect((await counters()).latchkey.requests).toBe(0)
    })
  })

  test('by keyboard alone: the one button, the way past the rest, each exchange in the picture, and the next protocol', async ({
    expect,
  }) => {
    await demo.visit(async ({ open }) => {
      const page = await open('compare=off')
      await page.getByTestId('start').focus()
      await page.keyboard.press('Enter')
      await untilRun(page)
      await page.getByTestId('scenario-burst').focus()
      await page.keyboard.press('Enter')
      await untilRun(page, 2)
      await page.locator('.skip').focus()
      await page.keyboard.press('Enter')
      const focused = (): Promise<string | undefined> =>
        page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.testid)
      expect(await focused()).toBe('happened')
      while ((await focused()) !== 'timeline') await page.keyboard.press('Tab')
      const cursor = page.getByTestId('cursor')
      await page.keyboard.press('ArrowDown')
      await expect.poll(() => cursor.textContent()).toMatch(/Latchkey, refresh: .*POST .*HTTP 200/s)
      await page.keyboard.press('End')
      await expect.poll(() => cursor.textContent()).toMatch(/401 at .* replayed at .*HTTP 401.*HTTP 200/s)
      await page.keyboard.press('Escape')
      await expect.poll(() => cursor.textContent()).toContain('Point at a line')
      await page.getByTestId('protocol-headers').focus()
      await page.keyboard.press('ArrowRight')
      await page.locator('[data-testid=protocol-json]:focus:checked').waitFor()
    })
  })

  test('the last 30 seconds pass by as they happen', async ({ expect }) => {
    await demo.visit(
      async ({ openSignedIn }) => {
        const page = await openSignedIn()
        await run(page, 'single')
        await page.getByTestId('window-live').check()
        const timeline = page.getByTestId('timeline')
        await expect.poll(() => timeline.textContent()).toContain('−10\u00a0s')
        const mark = timeline.locator('.answered')
        const before = await mark.getAttribute('d')
        await expect.poll(() => mark.getAttribute('d')).not.toBe(before)
        const box = await timeline.boundingBox()
        await timeline.hover({ position: { x: (box?.width ?? 0) - 14, y: (box?.height ?? 0) - 32 } })
        await expect.poll(() => page.getByTestId('cursor').textContent()).toContain('HTTP 200')
      },
      { reducedMotion: 'no-preference' },
    )
  })

  test('the language is changed by a click, and the session stays', async ({ expect }) => {
    await demo.visit(async ({ openSignedIn }) => {
      const page = await openSignedIn()
      await page.getByTestId('lang-ko').click()
      await page.getByText('장면 고르기').waitFor()
      expect(await page.getAttribute('html', 'lang')).toBe('ko')
      await page.getByTestId('session').waitFor()
    })
  })
})
