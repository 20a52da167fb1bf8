import { isAxiosError } from 'axios'
import type { SessionState } from '../../src/index.js'
import type { Settings } from '../backend/settings.js'
import type { ComparedSide } from '../backend/side-names.js'
import { createAppFrames } from './app-frames.js'
import type { Client } from './clients/client.js'
import { createLatchkeyClient } from './clients/latchkey-client.js'
import { createOpponentClient } from './clients/opponent-client.js'
import { createRunStorage } from './clients/run-storage.js'
import { createDemoSession, type DemoClaims, sessionName, storeOf } from './clients/session.js'
import { createControl } from './control.js'
import { keepFocus, restoreFocus } from './focus-over-reload.js'
import { follow, type Link, type OpponentChoice, opponentChoices, writeLink } from './link.js'
import { createLaneBook } from './model/lane-book.js'
import { createLanePost } from './model/lane-post.js'
import { createRecorder } from './model/recorder.js'
import type { Moment, Run } from './model/run.js'
import { createOtherTabs, playAlong } from './other-tabs.js'
import { findPlaces } from './places.js'
import { type ScenarioName, scenarioNames } from './scenario-names.js'
import { scenarios } from './scenarios.js'
import { spreadNews } from './session-news.js'
import { createStageManager } from './stage-manager.js'
import { startWorker } from './start-worker.js'
import { joinTabs } from './tabs.js'
import { createChoice } from './views/choice.js'
import { createConditionsCard } from './views/conditions-card.js'
import { createGallery } from './views/gallery.js'
import { createLead } from './views/lead.js'
import { createLogCard } from './views/log-card.js'
import { createMasthead, createSkipLink, createTabOpener } from './views/masthead.js'
import { fillPage } from './views/page.js'
import { createProtocolCard } from './views/protocol-card.js'
import { createReport } from './views/report.js'
import { createScenarioCard, scenarioHref } from './views/scenario-card.js'
import { createSessionCard } from './views/session-card.js'
import { createSignInCard } from './views/sign-in-card.js'
import { createTabCard } from './views/tab-card.js'
import { createTokenCard } from './views/token-card.js'
import type { Wire } from './wire.js'
import { chooseLanguage, loadWords } from './words/words.js'

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
  const words = await loadWords(language)
  document.documentElement.lang = language
  document.title = `Latchkey: ${words.title}`

  const control = createControl()
  if (link.accessTokenLifetimeMs) await control.change({ accessTokenLifetimeMs: link.accessTokenLifetimeMs })
  const settings = await control.settings()
  const tabs = await joinTabs(locks, `latchkey:${sessionName(protocol)}`)
  const session = createDemoSession(protocol)
  const latchkey = createLatchkeyClient(session, protocol)
  const book = createLaneBook()
  let current: Run | null = null

  /** For a scenario from here on, as this page is. */
  const plain: Link = { ...link, scenario: null, accessTokenLifetimeMs: null }
  const reloadWith = (change: Partial<Link>): void => {
    keepFocus()
    follow({ ...plain, opponent: opponentInLink(), ...change })
  }

  const signInCard = createSignInCard(words, latchkey.signIn)
  const tokenCard = createTokenCard({
    words,
    session,
    store: storeOf(protocol),
    databaseName: sessionName(protocol),
    isCookie: protocol === 'cookie',
  })
  const sessionCard = createSessionCard({
    words,
    onSignOut: () => void latchkey.signOut(),
    onExpire: latchkey.endTokenEarly,
    onCall: () => void perform('single', () => stageManager.callOnce()),
  })
  const conditions = createConditionsCard({
    words,
    link,
    settings,
    onSettings: (wish) => void control.change(wish).then(showSettings, () => {}),
    onOffline: (isOffline) => (isOffline ? wire.cut() : wire.mend()),
    onReload: reloadWith,
  })
  const [first] = scenarioNames
  const opponent = createChoice<OpponentChoice>(
    'opponent',
    words.opponents.label,
    opponentChoices.map((name) => [name, name === 'off' ? words.opponents.off : words.sides[name]]),
    link.opponent ?? 'queue',
    () => {},
  )
  const opponentInLink = (): OpponentChoice | null => (opponent.chosen === 'queue' ? null : opponent.chosen)
  const gallery = createGallery()
  const report = createReport({
    words,
    ownTab: tabs.own,
    book,
    gallery,
    isWorker,
    hrefOf: ({ scenario }) => scenarioHref({ ...plain, opponent: opponentInLink() }, scenario),
  })
  const protocolCard = createProtocolCard(words, protocol, isWorker, (name) => reloadWith({ protocol: name }))
  const logCard = createLogCard(words)
  const scenarioCard = createScenarioCard(
    words,
    (name) => void play(name),
    () => stageManager.cancel(),
  )
  const lead = createLead(words, isWorker, opponent.element, () => void play(current?.scenario ?? first))
  const opener = createTabOpener(words, writeLink(plain))

  const post = createLanePost((lanes) => tabs.tell({ type: 'lanes', lanes }))
  const recorder = createRecorder(tabs.own, wire, (lane) => {
    book.put(lane)
    report.touch()
    post.add(lane)
    const last = lane.exchanges.at(-1)
    if (lane.kind === 'refresh' && lane.side === 'latchkey' && last) protocolCard.showExchange(last)
  })
  const noteLoss = spreadNews(session, recorder, tabs, { onEntry: logCard.add, onMoment: note })
  const clientOf = (side: ComparedSide, run: string): Client =>
    side === 'latchkey'
      ? latchkey
      : createOpponentClient(
          side,
          createRunStorage(run, () => noteLoss(side)),
        )
  playAlong({
    tabs,
    recorder,
    wire,
    post,
    clientOf: (side, run) =>
      side === 'latchkey' && latchkey.standing !== 'signed-in' ? null : clientOf(side, run),
  })
  const stageManager = createStageManager({
    clientOf,
    control,
    recorder,
    wire,
    otherTabs: createOtherTabs(tabs, writeLink({ ...plain, language })),
    apps: createAppFrames({
      wire,
      recorder,
      onMoment: note,
      ownTab: tabs.own,
      language,
      startWorker: () => startWorker(isWorker ? 'worker.js' : 'guard.js'),
    }),
    gallery,
    user: () => signInCard.chosen,
    onChange(run) {
      current = run
      report.showRun(run)
    },
  })

  async function play(name: ScenarioName): Promise<void> {
    const { needs } = scenarios[name]
    const { chosen } = opponent
    if (needs && needs.skewMinutes !== skewMinutes) {
      return reloadWith({ scenario: name, ...needs })
    }
    await perform(name, () => stageManager.run(name, chosen === 'off' ? null : chosen))
  }

  async function perform(name: ScenarioName, run: () => Promise<void>): Promise<void> {
    if (stageManager.isBusy) return
    scenarioCard.setBusy(name)
    lead.setBusy(true)
    let trouble = ''
    try {
      const isDone = await tabs.takeTheStage(run)
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
    // What an opponent still does after its part is over belongs to no picture.
    if (moment.side !== 'latchkey' && current?.standings[moment.side]) return
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
    }
  })

  // Not before it is known who is there, so that nothing moves once it can be seen.
  await session.ready
  const root = document.getElementById('page')
  if (!root) throw new Error('index.html has no element with the id "page"')
  fillPage(root, {
    skipLink: createSkipLink(words, report.element),
    masthead: createMasthead(words, language, findPlaces(isWorker), (next) => reloadWith({ language: next })),
    lead: lead.element,
    scenarios: scenarioCard.element,
    report: report.element,
    session: [signInCard.element, sessionCard.element, tokenCard.element],
    conditions: [conditions.element, createTabCard(words, tabs, link.hasWebLocks, opener)],
    details: [protocolCard.element, logCard.element],
  })
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
      document
        .getElementById(state.status === 'signed-in' ? 'session' : 'sign-in')
        ?.focus({ preventScroll: true })
    }
    shownStatus = state.status
    if (!stageManager.isBusy) void lookAgain()
  })
  restoreFocus()
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && !stageManager.isBusy) void lookAgain()
  })

  report.announce(first)

  const counted = await control.counters()
  // The server was started anew, and knows nothing of the session that this browser kept.
  if (counted.latchkey.sessions === 0 && session.state.status === 'signed-in') await session.signOut()
  if (link.scenario) await play(link.scenario)
}
