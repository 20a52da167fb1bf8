import { readFileSync } from 'node:fs'

/** Nobody real lives here: the page shows these passwords beside the sign-in form. */
const users = JSON.parse(readFileSync(new URL('../users.json', import.meta.url), 'utf8'))

export function findUser(username) {
  return users.find((user) => user.username === username) ?? null
}

export function authenticate(username, password) {
  const user = findUser(username)
  return user && user.password === password ? user : null
}
