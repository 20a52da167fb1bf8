import { fieldOf, isObject } from '../../src/core/own-fields.js'
import { judgeReply } from '../../src/http/refresh-reply.js'
import { type Attempt, madeUpTokens, outgoingOf } from './attempt.js'
import { type Candidate, type CandidateChoice, candidateOf, type ProtocolName } from './candidates.js'
import type { Granted } from './granted.js'

/** A protocol with the same call as a general one, which fits some servers better. */
interface Closer {
  name: ProtocolName
  /** Whether a refusal has the shape of that server; by default, whether this protocol alone understands it. */
  isShape?(body: unknown): boolean
}

const closerProtocols: Partial<Record<ProtocolName, Closer[]>> = {
  jsonRefresh: [
    {
      name: 'ginJwtV3',
      isShape: (body) =>
        fieldOf(body, 'code') === 401 && /\brefresh token\b/.test(String(fieldOf(body, 'message'))),
    },
    {
      name: 'strapi',
      isShape: (body) =>
        fieldOf(body, 'data') === null && typeof fieldOf(fieldOf(body, 'error'), 'name') === 'string',
    },
  ],
  jsonPair: [{ name: 'aspnetPair' }],
  bearerRefresh: [{ name: 'fastapiJwtAuth' }, { name: 'flaskJwtExtended' }],
}

/** The refusal as the closer protocol understands it, where there is one. */
export function closerTo(
  refusal: Attempt,
  choice: CandidateChoice,
  granted: Granted | undefined,
  now: number,
): Attempt | undefined {
  const { candidate, incoming, outcome } = refusal
  if (choice.protocol || !incoming) return undefined
  for (const { name, isShape } of closerProtocols[candidate.name] ?? []) {
    const closer = candidateOf(name, {}, choice)
    const judged = judgeReply(incoming.reply, closer.endpoint, now)
    const fits = isShape
      ? isObject(incoming.reply.body) && isShape(incoming.reply.body)
      : outcome.kind !== 'ended' && judged.kind === 'ended'
    const isRead = !granted || judgeReply(granted.incoming.reply, closer.endpoint, now).kind === 'refreshed'
    if (fits && isRead && isSameCall(candidate, closer))
      return { ...refusal, candidate: closer, outcome: judged }
  }
  return undefined
}

const isSameCall = (one: Candidate, other: Candidate): boolean => {
  const [a, b] = [one, other].map((each) => {
    const { body, headers } = outgoingOf(each, madeUpTokens)
    return JSON.stringify([body, [...new Headers(headers)]])
  })
  return a === b
}
