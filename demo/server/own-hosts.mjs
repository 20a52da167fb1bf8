/**
 * Another site can make its name point to this machine (DNS rebinding), and a page of it would then count as ours.
 * So the server answers to the names of this machine alone.
 */
export function requireOwnHost(request, response, next) {
  if (['127.0.0.1', 'localhost', '[::1]'].includes((request.headers.host ?? '').replace(/:\d+$/, '')))
    return next()
  response.status(421).json({ message: 'This server answers to 127.0.0.1 and localhost only' })
}
