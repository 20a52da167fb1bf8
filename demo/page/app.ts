import { isAxiosError } from 'axios'
import type { SessionState } from '../../src/index.js'
import type { Settings } from '../backend/settings.js'
import { createCopiedClient } from './clients/copied-client.js'
import { createLatchkeyClient } from './clients/latchkey-client.js'
import { createDemoSession, type DemoClaims, sessionName, storeOf } from './clients/session.js'
import { realNow } from './clock.js'
import { createControl } from './control.js'
import { keepFocus, restoreFocus } from './focus-over-reload.js'
import { follow, type Link, writeLink } from './link.js'
import { createLaneBook } from './model/lane-book.js'
import { createLanePost } from './model/lane-post.js'
import type { LogEntry } from './model/log-entry.js'
import { createRecorder } from './model/recorder.js'
import type { Moment, Run } from './model/run.js'
import type { ScenarioName } from './scenario-names.js'
import { scenarios } from './scenarios.js'
import { createStageManager } from './stage-manager.js'
import { joinTabs } from './tabs.js'
import { createConditionsCard } from './views/conditions-card.js'
import { create } from './views/element.js'
import { createLead } from './views/lead.js'
import { createLogCard } from './views/log-card.js'
import { createMasthead, createSkipLink, createTabOpener } from './views/masthead.js'
import { createProtocolCard } from './views/protocol-card.js'
import { createReport } from './views/report.js'
import { createScenarioCard, scenarioHref } from './views/scenario-card.js'
import { createSessionCard } from './views/session-card.js'
import { createSignInCard } from './views/sign-in-card.js'
import { createTabCard } from './views/tab-card.js'
import { createTokenCard } from './views/token-card.js'
import type { Wire } from './wire.js'
import { chooseLanguage, wordsOf } from './words/words.js'

export interface AppParts {
  link: Link
  locks: LockManager | undefined
  wire: Wire
  isWorker: boolean
}

/** Puts the page together. */
export async function startApp({ link, locks, wire, isWorker }: AppParts): Promise<void> {
  const { protocol, skewMinutes } = link
  const language = chooseLanguage(link.language)
  const words = wordsOf(language)
  document.documentElement.lang = language
  document.title = `Latchkey: ${words.title}`

  const control = createControl()
  if (link.accessTokenLifetimeMs) await control.change({ accessTokenLifetimeMs: link.accessTokenLifetimeMs })
  const settings = await control.settings()
  const tabs = await joinTabs(locks, `latchkey:${sessionName(protocol)}`)
  const session = createDemoSession(protocol)
  const clients = { latchkey: createLatchkeyClient(session, protocol), copied: createCopiedClient() }
  const book = createLaneBook()
  let current: Run | null = null

  /** For a scenario from here on, as this page is. */
  const plain: Link = { ...link, scenario: null, accessTokenLifetimeMs: null }
  const reloadWith = (change: Partial<Link>): void => {
    keepFocus()
    follow({ ...plain, ...change })
  }

  const signInCard = createSignInCard(words, clients.latchkey.signIn)
  const tokenCard = createTokenCard({
    words,
    session,
    store: storeOf(protocol),
    databaseName: sessionName(protocol),
    isCookie: protocol === 'cookie',
  })
  const sessionCard = createSessionCard({
    words,
    onSignOut: () => void clients.latchkey.signOut(),
    onExpire: clients.latchkey.endTokenEarly,
  })
  const conditions = createConditionsCard({
    words,
    link,
    settings,
    onSettings: (wish) => void control.change(wish).then(showSettings, () => {}),
    onOffline: (isOffline) => (isOffline ? wire.cut() : wire.mend()),
    onReload: reloadWith,
  })
  const report = createReport(words, tabs.own, book, ({ scenario }) =>
    scenarioHref({ ...plain, compares: conditions.compares ? null : false }, scenario),
  )
  const protocolCard = createProtocolCard(words, protocol, isWorker, (name) => reloadWith({ protocol: name }))
  const logCard = createLogCard(words)
  const scenarioCard = createScenarioCard(
    words,
    (name) => void play(name),
    () => stageManager.cancel(),
  )
  const lead = createLead(words, isWorker, () => void play('burst'))
  const opener = createTabOpener(words, writeLink(plain))

  const post = createLanePost((lanes) => tabs.tell({ type: 'lanes', lanes }))
  const recorder = createRecorder(tabs.own, wire, (lane) => {
    book.put(lane)
    report.touch()
    if (lane.side === 'latchkey') post.add(lane)
    const last = lane.exchanges.at(-1)
    if (lane.kind === 'refresh' && lane.side === 'latchkey' && last) protocolCard.showExchange(last)
  })
  const stageManager = createStageManager({
    session,
    clients,
    control,
    recorder,
    wire,
    tabs,
    user: () => signInCard.chosen,
    onChange(run) {
      current = run
      report.showRun(run)
    },
  })

  async function play(name: ScenarioName): Promise<void> {
    if (stageManager.isBusy) return
    const { needs, compares } = scenarios[name]
    if (needs && needs.skewMinutes !== skewMinutes) return reloadWith({ scenario: name, ...needs })
    scenarioCard.setBusy(name)
    lead.setBusy(true)
    let trouble = ''
    try {
      const isDone = await tabs.takeTheStage(() => stageManager.run(name, compares && conditions.compares))
      if (!isDone) trouble = words.scenarios.taken
    } catch (error) {
      trouble = words.scenarios.failed(reasonOf(error))
    }
    scenarioCard.setBusy(null)
    lead.setBusy(false)
    scenarioCard.say(trouble)
    conditions.showOffline(wire.isCut)
    await lookAgain()
  }

  function reasonOf(error: unknown): string {
    // What `fetch` and axios say where no answer came.
    if (error instanceof TypeError || (isAxiosError(error) && !error.response))
      return words.signIn.unreachable
    return error instanceof Error ? error.message : String(error)
  }

  function showSettings(now: Settings): void {
    conditions.showSettings(now)
    tokenCard.showRotation(now.rotation)
  }

  /** At what the server has counted, and at what any tab has set. */
  async function lookAgain(): Promise<void> {
    await Promise.all([
      control.counters().then(report.showCounters),
      control.settings().then(showSettings),
    ]).catch(() => {})
  }

  function note(moment: Moment): void {
    book.note(moment)
    if (current?.endedAt === null) current.moments.push(moment)
    report.touch()
  }

  tabs.listen((news) => {
    switch (news.type) {
      case 'lanes':
        for (const lane of news.lanes) book.put(lane)
        return report.touch()
      case 'moment':
        return note(news.moment)
      case 'log':
        return logCard.add(news.entry)
      case 'burst':
        if (session.state.status === 'signed-in') void stageManager.joinIn(news.calls)
    }
  })

  session.on((event) => {
    if (event.type === 'request-held') recorder.noteHeld(event.url)
    const at = realNow()
    const entry: LogEntry = { tab: tabs.own, at, event }
    logCard.add(entry)
    tabs.tell({ type: 'log', entry })
    if (event.type !== 'adopted' && event.type !== 'expired' && event.type !== 'signed-out') return
    const moment: Moment = { kind: event.type, at, tab: tabs.own }
    note(moment)
    tabs.tell({ type: 'moment', moment })
  })

  // Not before it is known who is there, so that nothing moves once it can be seen.
  await session.ready
  const root = document.getElementById('page')
  if (!root) throw new Error('index.html has no element with the id "page"')
  root.replaceChildren(
    createSkipLink(words, report.element),
    createMasthead(language, (next) => reloadWith({ language: next })),
    create(
      'main',
      {},
      lead.element,
      create(
        'div',
        { class: 'controls' },
        signInCard.element,
        sessionCard.element,
        scenarioCard.element,
        conditions.element,
        tokenCard.element,
        createTabCard(words, tabs, link.hasWebLocks, opener),
      ),
      create('div', { class: 'report' }, report.element, protocolCard.element, logCard.element),
    ),
  )
  tokenCard.showRotation(settings.rotation)

  let shownStatus: SessionState['status'] = 'loading'
  session.subscribe((state: SessionState<DemoClaims>) => {
    const signedIn = state.status === 'signed-in' ? state : null
    sessionCard.show(signedIn)
    tokenCard.show(signedIn)
    if (state.status === 'signed-out') signInCard.show(state.reason)
    else signInCard.hide()
    if (state.status === shownStatus) return
    // Whoever was on a button that is gone now goes on at the part that took its place.
    const focused = document.activeElement
    if (shownStatus !== 'loading' && (focused === document.body || focused?.closest('[hidden]'))) {
      document.getElementById(state.status === 'signed-in' ? 'session' : 'sign-in')?.focus()
    }
    shownStatus = state.status
    if (!stageManager.isBusy) void lookAgain()
  })
  restoreFocus()
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && !stageManager.isBusy) void lookAgain()
  })

  const { latchkey } = await control.counters()
  // The server was started anew, and knows nothing of the session that this browser kept.
  if (latchkey.sessions === 0 && session.state.status === 'signed-in') await session.signOut()
  if (link.scenario) await play(link.scenario)
}
