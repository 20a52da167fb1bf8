import type { AxiosInstance } from 'axios'
import type { OpponentName } from '../../../backend/side-names.js'
import * as authRefreshQueue from './auth-refresh-queue.js'
import authRefreshQueueCode from './auth-refresh-queue.ts?raw'
import * as noQueue from './no-queue.js'
import noQueueCode from './no-queue.ts?raw'
import * as queue from './queue.js'
import queueCode from './queue.ts?raw'

export interface Opponent {
  addInterceptors(api: AxiosInstance, refreshUrl: string, storage: Storage): void
  /** The very lines that run, to be read. */
  code: string
}

export const opponents: Readonly<Record<OpponentName, Opponent>> = {
  queue: { ...queue, code: queueCode },
  'no-queue': { ...noQueue, code: noQueueCode },
  'auth-refresh-queue': { ...authRefreshQueue, code: authRefreshQueueCode },
}
