// auth.ts, after
import axios from 'axios'
import { withSession } from '../../../src/axios.js'
import { createSession, rememberMeStore } from '../../../src/index.js'
import { cookie } from '../../../src/servers.js'

export const session = createSession({
  // Without a silent start: the cookie may outlive the browser, and a user who did not want to be remembered must not.
  refresh: cookie({ url: '/auth/refresh', signOut: '/auth/sign-out', silentStart: false }),
  store: rememberMeStore(),
})
export const api = withSession(axios.create({ baseURL: '/api' }), session)

session.subscribe((state) => {
  if (state.status === 'signed-out' && state.reason === 'expired') location.href = '/sign-in'
})

export const isSignedIn = () => session.state.status === 'signed-in'

export async function signIn(credentials: object, remember: boolean): Promise<void> {
  const reply = await axios.post('/auth/sign-in', credentials, { withCredentials: true })
  await session.setTokens(reply, { remember })
}

export async function signOut(): Promise<void> {
  await session.signOut()
}

/** Call it once, before you render. Delete the part after `ready` when nobody has the old tokens any more. */
export async function start(): Promise<void> {
  await session.ready
  const remembered = localStorage.getItem('token')
  const accessToken = remembered ?? sessionStorage.getItem('token')
  if (accessToken && session.state.status === 'signed-out') {
    await session.setTokens({ accessToken }, { remember: remembered !== null })
  }
  localStorage.removeItem('token')
  sessionStorage.removeItem('token')
}
