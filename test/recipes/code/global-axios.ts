import axios from 'axios'
import { withSession } from '../../../src/axios.js'
import type { Session } from '../../../src/index.js'

/** Call it once, where the app starts. From then on, every `axios.get` and the like sends the token. */
export function guardGlobalAxios(session: Session, baseURL: string): void {
  axios.defaults.baseURL = baseURL
  withSession(axios, session)
}
