import axios from 'axios'
import { withSession } from '../../../src/axios.js'
import type { Session } from '../../../src/index.js'

/** Once, where the app starts: from then on every module that calls `axios.get` and the like is signed in. */
export function guardGlobalAxios(session: Session, baseURL: string): void {
  axios.defaults.baseURL = baseURL
  withSession(axios, session)
}
