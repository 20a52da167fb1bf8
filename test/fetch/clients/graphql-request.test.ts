import { ClientError, GraphQLClient, gql } from 'graphql-request'
import { HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import { authErrorOf } from '../../../src/fetch.js'
import type { Reply, SessionOptions } from '../../../src/index.js'
import { authorizationOf, type Call, useBackend } from '../../support/backend.js'
import { signIn } from '../../support/guarded-fetch.js'

const backend = useBackend()
const url = 'http://app.test/graphql'
const query = gql`query Me($id: ID) { me(id: $id) { name } }`

/** A server that answers as the GraphQL over HTTP specification has it: errors of the request are in a reply of 200. */
const answerGraphql = ({ headers }: Call): Response =>
  backend.accepted.has((headers.get('authorization') ?? '').slice('Bearer '.length))
    ? HttpResponse.json({ data: { me: { name: 'Ada' } } })
    : HttpResponse.json({
        data: null,
        errors: [{ message: 'Not signed in', extensions: { code: 'UNAUTHENTICATED' } }],
      })

interface GraphqlBody {
  errors?: { extensions?: { code?: string } }[]
}
const isExpired = ({ status, body }: Reply): boolean =>
  status === 401 ||
  !!(body as GraphqlBody)?.errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')

async function open(options: Partial<SessionOptions> = {}) {
  const { session, api } = await signIn(options)
  return { session, client: new GraphQLClient(url, { fetch: api }) }
}

test('ten concurrent 401s cause one refresh, and each query is answered', async () => {
  const { client } = await open()
  const { accepted } = backend
  backend.answer = (call) =>
    accepted.has((authorizationOf(call) ?? '').slice('Bearer '.length))
      ? answerGraphql(call)
      : new Response(null, { status: 401 })
  accepted.clear()
  const names = await Promise.all(
    Array.from({ length: 10 }, () => client.request<{ me: { name: string } }>(query, { id: 1 })),
  )
  expect(names.map(({ me }) => me.name)).toEqual(Array.from({ length: 10 }, () => 'Ada'))
  expect(backend.refreshes).toHaveLength(1)
})

test('UNAUTHENTICATED in a reply of 200 is an expiry where isExpired says so, and the query is sent again', async () => {
  const { client } = await open({ isExpired })
  backend.answer = answerGraphql
  backend.accepted.clear()
  expect(await client.request(query, { id: 1 })).toEqual({ me: { name: 'Ada' } })
  expect(backend.refreshes).toHaveLength(1)
  const [first, second] = backend.calls as [Call, Call]
  expect(second.text).toBe(first.text)
  expect(JSON.parse(first.text)).toMatchObject({ variables: { id: 1 } })
})

test('an error of another kind in a reply of 200 is the business of the caller', async () => {
  const { client } = await open({ isExpired })
  backend.answer = () => HttpResponse.json({ errors: [{ message: 'no such field' }] })
  await expect(client.request(query)).rejects.toBeInstanceOf(ClientError)
  expect(backend.refreshes).toHaveLength(0)
})

test('a refresh that is refused leaves the answer of the API to the client', async () => {
  const { session, client } = await open({ isExpired })
  backend.answer = answerGraphql
  backend.accepted.clear()
  backend.renew = () => new Response(null, { status: 401 })
  const error = await client.request(query).catch((error) => error)
  expect(error).toBeInstanceOf(ClientError)
  expect(error.response.errors[0].message).toBe('Not signed in')
  expect(session.state).toEqual({ status: 'signed-out', reason: 'expired' })
})

test('a fetch around the guarded one sees the response that authErrorOf takes', async () => {
  const { api } = await signIn()
  const reasons: unknown[] = []
  const client = new GraphQLClient(url, {
    fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
      const response = await api(input, init)
      reasons.push(authErrorOf(response)?.code)
      return response
    },
  })
  backend.accepted.clear()
  backend.renew = () => new Response(null, { status: 401 })
  await client.request(query).catch(() => {})
  expect(reasons).toEqual(['SESSION_EXPIRED'])
})
