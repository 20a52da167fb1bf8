import { authErrorOf } from '../../../src/http/auth-error-of.js'
import type { ModelRequest } from './api.js'
import type { Tab } from './tab.js'
import type { World } from './world.js'

/** Longer than any backoff, and than any quiet that a server may ask for. */
const quietMs = 620_000

/**
 * Whether a refresh was left alone because another tab had said that it spent the token, and could not wait for its store:
 * what it brought comes later, or never.
 */
function knowsOfSpentToken({ source: { record }, toldSpent }: Tab, { outcome }: ModelRequest): boolean {
  if (!record || !outcome || !toldSpent.has(record.session)) return false
  const reason = 'reply' in outcome ? outcome.reply.reason : authErrorOf(outcome.error)
  return reason?.code === 'REFRESH_FAILED'
}

/**
 * The end of a run: everything works again; what is under way lands; nobody does anything; every tab reads the store and
 * makes one more request, which must be answered as well as the server's model can; all is disposed of.
 */
export async function finishWorld(world: World): Promise<void> {
  const living = (): Tab[] => world.tabs.filter(({ place, isDisposed }) => !place.isGone && !isDisposed)

  world.line.fates = []
  for (const { place } of world.everyTab) world.store.trouble(place, 'none')
  for (const tab of living()) {
    if (tab.place.isFrozen) tab.thaw()
    if (tab.place.isPrerendered) tab.show()
  }
  if (!world.network.isOnline) world.goOnline()
  await world.pass(60_000)

  world.phase = 'idle'
  await world.pass(quietMs)

  world.phase = 'last requests'
  for (const tab of living()) tab.wake()
  await world.pass(10_000)
  const last = living().map((tab) => ({ tab, family: tab.family, request: tab.request({}) }))
  await world.pass(60_000)
  for (const { tab, family, request } of last) {
    const reply = request.outcome && 'reply' in request.outcome ? request.outcome.reply : undefined
    if (family === undefined || tab.family !== family || reply?.status === 200) continue
    if (knowsOfSpentToken(tab, request)) continue
    if (world.server.families[family]?.refreshToken === undefined) continue
    world.report(`7: ${tab.name} has family ${family} in hand, and its last request came to ${reply?.status}`)
  }
  checkAgreement(world, living())
  await world.pass(0)

  world.phase = 'over'
  for (const tab of living()) tab.dispose()
  await world.pass(0)
  await world.pass(60_000)
}

/**
 * Tabs that could always read and write the store hold the same tokens in the end. Where the store cannot compare and
 * swap in one step, a sign-out in one tab may fall between another's reading and its writing, and be lost.
 */
function checkAgreement(world: World, tabs: readonly Tab[]): void {
  if (world.hadStoreTrouble || !world.config.hasReplace) return
  const { record } = world.store
  for (const { source, name } of tabs) {
    const { record: tokens } = source
    // A refresh without any request may be on its way from the store to the other tabs.
    const isSame = tokens?.generation === record?.generation || world.config.isKeptFresh
    if (tokens?.session !== record?.session || !isSame)
      world.report(`5: ${name} and the store do not agree in the end`)
  }
}
