import users from '../users.json'

export interface User {
  username: string
  password: string
  name: string
}

/** Nobody real lives here: the page shows these passwords beside the sign-in form. */
export function findUser(username: unknown): User | null {
  return users.find((user) => user.username === username) ?? null
}

export function authenticate(username: unknown, password: unknown): User | null {
  const user = findUser(username)
  return user && user.password === password ? user : null
}
