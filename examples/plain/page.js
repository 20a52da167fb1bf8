/* global axios, latchkey */
const session = latchkey.createSession({
  // What headerPair of latchkey/servers makes: the script tag has none of the protocols.
  refresh: {
    url: '/auth/refresh',
    send: ({ accessToken, refreshToken }) =>
      refreshToken ? { headers: { Authorization: `Bearer ${accessToken}`, Refresh: refreshToken } } : null,
    timing: 'after-expiry',
  },
})
const api = latchkey.withSession(axios.create(), session)

const find = (selector) => document.querySelector(selector)
let leaving = new AbortController()
let shown

/** Shows the page of the address, and the sign-in form instead where it is a protected one. */
function show() {
  const { status, claims } = session.state
  const isProtected = location.hash === '#/account'
  find('#home').hidden = isProtected
  find('#sign-in').hidden = !isProtected || status !== 'signed-out'
  find('#account').hidden = !isProtected || status !== 'signed-in'

  const page = find('#account').hidden ? undefined : `account of ${claims?.sub}`
  if (page === shown) return
  shown = page
  // Gives up the requests when nobody needs them any more, also while they wait for a new token.
  leaving.abort()
  leaving = new AbortController()
  fill('', [])
  if (page) load()
}

function fill(name, orders) {
  find('h1').textContent = name ? `Hello, ${name}` : '…'
  find('ul').replaceChildren(
    ...orders.map((order) => Object.assign(document.createElement('li'), { textContent: order })),
  )
}

async function load() {
  const { signal } = leaving
  find('output').textContent = 'Loading'
  try {
    const [profile, orders] = await Promise.all([
      api.get('/api/profile', { signal }),
      api.get('/api/orders', { signal }),
    ])
    fill(profile.data.name, orders.data)
    find('output').textContent = 'Loaded'
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

find('#sign-in').addEventListener('submit', async (event) => {
  event.preventDefault()
  const user = new FormData(event.target).get('name')
  const { data } = await axios.post('/auth/sign-in', { user })
  await session.setTokens(data)
})
find('#load').addEventListener('click', load)
find('#sign-out').addEventListener('click', () => session.signOut())
addEventListener('hashchange', show)
session.subscribe(show)
