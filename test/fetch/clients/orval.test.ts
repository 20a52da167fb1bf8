// Through what orval's generator has written: see `test/recipes/orval`.
import { beforeEach, expect, test } from 'vitest'
import { authErrorOf } from '../../../src/fetch.js'
import { createPet, getPet } from '../../recipes/orval/by-fetch.js'
import { responseOfLastCall, useFetch } from '../../recipes/orval/custom-fetch.js'
import { authorizationOf, useBackend } from '../../support/backend.js'
import { signIn } from '../../support/guarded-fetch.js'

const backend = useBackend()
beforeEach(async () => useFetch((await signIn()).api))

test('ten concurrent 401s cause one refresh, and each operation gets its own reply', async () => {
  backend.accepted.clear()
  const replies = await Promise.all(Array.from({ length: 10 }, (_, id) => getPet(id)))
  expect(replies.map(({ data }) => data)).toEqual(
    Array.from({ length: 10 }, (_, id) => ({ path: `/api/pets/${id}` })),
  )
  expect(backend.refreshes).toHaveLength(1)
})

test('a body is the same when the operation is sent again', async () => {
  backend.accepted.clear()
  expect((await createPet({ name: 'Rex' }, { headers: { 'X-Own': 'yes' } })).status).toBe(200)
  expect(backend.calls.map(({ text, headers }) => [text, headers.get('x-own')])).toEqual([
    ['{"name":"Rex"}', 'yes'],
    ['{"name":"Rex"}', 'yes'],
  ])
})

test('a refresh that is refused hands over the 401 of the API, and authErrorOf says why', async () => {
  backend.accepted.clear()
  backend.renew = () => new Response(null, { status: 401 })
  expect(await getPet(1)).toMatchObject({ status: 401, data: { message: 'unauthorized' } })
  expect(authErrorOf(responseOfLastCall())).toMatchObject({ code: 'SESSION_EXPIRED' })
})

test('latchkey is an option of the operation', async () => {
  await getPet(1, { latchkey: false })
  expect(backend.calls.map(authorizationOf)).toEqual([null])
})
