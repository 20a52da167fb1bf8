/**
 * Refuses what comes faster than anyone clicks: a window of fixed length, counted by address. Answers 429 with the
 * seconds until the window is over (RFC 6585, section 4).
 */
export function limitRequests({ most, windowMs, counts = () => true }) {
  const windows = new Map() // address → { endsAt, count }

  return (request, response, next) => {
    const now = Date.now()
    for (const [address, { endsAt }] of windows) if (endsAt <= now) windows.delete(address)

    const address = request.socket.remoteAddress ?? ''
    const window = windows.get(address) ?? { endsAt: now + windowMs, count: 0 }
    windows.set(address, window)
    if (window.count >= most) {
      const seconds = Math.ceil((window.endsAt - now) / 1000)
      return response.status(429).set('Retry-After', `${seconds}`).json({ message: 'Too many requests' })
    }
    window.count += 1
    response.on('finish', () => {
      if (!counts(response)) window.count -= 1
    })
    next()
  }
}
