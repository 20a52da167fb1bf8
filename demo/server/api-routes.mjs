import { setTimeout as sleep } from 'node:timers/promises'
import express from 'express'
import { requireToken } from './bearer.mjs'

const longestLatencyMs = 5_000

/** The protected API, and beside it what the page needs to look behind the scenes. */
export function apiRoutes({ accessTokens, refreshTokens, counters, faults }) {
  const routes = express.Router()

  routes.get('/counters', (_request, response) => {
    response.json({ ...counters, sessions: refreshTokens.sessions })
  })

  routes.post('/faults', (request, response) => {
    const complaint = faults.plan(request.body)
    if (complaint) return response.status(400).json({ message: complaint })
    response.status(204).end()
  })

  const guarded = [count(counters), requireToken(accessTokens)]

  routes.get('/me', guarded, (_request, response) => {
    const { sub, name } = response.locals.claims
    response.json({ username: sub, name })
  })

  routes.get('/items/:id', guarded, async (request, response) => {
    const id = Number(request.params.id)
    if (!Number.isInteger(id) || id < 1) return response.status(404).json({ message: 'No such item' })
    const latencyMs = Number(request.query.latencyMs ?? 0)
    if (!(latencyMs >= 0 && latencyMs <= longestLatencyMs)) {
      return response.status(400).json({ message: `latencyMs takes 0 to ${longestLatencyMs}` })
    }
    await sleep(latencyMs, undefined, { ref: false })
    response.json({ id, name: `Item ${id}`, owner: response.locals.claims.sub })
  })

  return routes
}

/** Counts when the answer is written, by its status: whatever happened in between, the figures add up. */
function count(counters) {
  return (_request, response, next) => {
    counters.requests += 1
    response.on('finish', () => {
      counters[response.statusCode === 401 ? 'refused' : 'accepted'] += 1
    })
    next()
  }
}
