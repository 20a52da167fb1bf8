export function readCookie(request, name) {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value = ''] = pair.split('=', 2)
    if (key.trim() === name) return value.trim()
  }
  return null
}

/** The browser's real cookies, in the shape that the backend asks for. */
export function cookiesOf(request, response) {
  const options = { httpOnly: true, sameSite: 'strict' }
  return {
    get: (name) => readCookie(request, name),
    set: (name, value) => response.cookie(name, value, options),
    remove: (name) => response.clearCookie(name, options),
  }
}
