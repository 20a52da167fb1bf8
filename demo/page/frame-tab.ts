import { createLatchkeyClient } from './clients/latchkey-client.js'
import { createOpponentClient } from './clients/opponent-client.js'
import { createRunStorage } from './clients/run-storage.js'
import { createDemoSession, sessionName } from './clients/session.js'
import type { Link } from './link.js'
import { createLanePost } from './model/lane-post.js'
import { createRecorder } from './model/recorder.js'
import { playAlong } from './other-tabs.js'
import { spreadNews } from './session-news.js'
import { joinTabs } from './tabs.js'
import type { Wire } from './wire.js'

export interface FrameTabParts {
  link: Link
  locks: LockManager | undefined
  wire: Wire
}

/** A second tab without a picture: a frame of the page has its own memory, and the origin's storage and locks. */
export async function startFrameTab({ link: { protocol }, locks, wire }: FrameTabParts): Promise<void> {
  const tabs = await joinTabs(locks, `latchkey:${sessionName(protocol)}`, true)
  const session = createDemoSession(protocol)
  const latchkey = createLatchkeyClient(session, protocol)
  const post = createLanePost((lanes) => tabs.tell({ type: 'lanes', lanes }))
  const recorder = createRecorder(tabs.own, wire, post.add)
  const noteLoss = spreadNews(session, recorder, tabs, { onEntry() {}, onMoment() {} })
  playAlong({
    tabs,
    recorder,
    wire,
    post,
    clientOf: (side, run) =>
      side === 'latchkey'
        ? latchkey
        : createOpponentClient(
            side,
            createRunStorage(run, () => noteLoss(side)),
          ),
  })
  await session.ready
  tabs.tell({ type: 'frame-ready', tab: tabs.own })
}
