import type { SessionState } from '../../src/index.js'
import { createActions } from './actions.js'
import { showCounters } from './counter-board.js'
import { type Counters, connectDemoServer } from './demo-server.js'
import { element } from './element.js'
import { createRecorder } from './recorder.js'
import { createReport } from './report.js'
import { createScenarios } from './scenarios.js'
import { createDemoSession } from './session.js'
import { createSignInForm } from './sign-in-form.js'
import { createTokenCard } from './token-card.js'

const session = createDemoSession()
const server = connectDemoServer(session)
const report = createReport()
const recorder = createRecorder(session, report.show)
const scenarios = createScenarios(session, server, recorder)
const tokenCard = createTokenCard(session)
const signInForm = createSignInForm(server)
const actions = createActions(scenarios, async (scenario) => {
  const before = await server.counters()
  showGains(before, before)
  await scenario()
  showGains(await server.counters(), before)
})

function showGains(now: Counters, before: Counters): void {
  showCounters(element('counters', HTMLElement), now, before)
}

async function countAgain(): Promise<void> {
  const now = await server.counters()
  showGains(now, now)
}

element('sign-out', HTMLButtonElement).addEventListener('click', () => void server.signOut())

let shownStatus: SessionState['status'] = 'loading'
session.subscribe((state) => {
  if (state.status === 'signed-in') {
    signInForm.hide()
    tokenCard.show(state)
    actions.show()
  } else {
    tokenCard.hide()
    actions.hide()
    if (state.status === 'signed-out') signInForm.show(state.reason)
  }
  if (state.status === shownStatus) return
  // Whoever was on a button that is gone now goes on at the part that took its place.
  const focused = document.activeElement
  if (shownStatus !== 'loading' && (focused === document.body || focused?.closest('[hidden]'))) {
    element(state.status === 'signed-in' ? 'actions' : 'sign-in', HTMLElement).focus()
  }
  shownStatus = state.status
  if (!recorder.isRecording) countAgain().catch(() => {})
})
