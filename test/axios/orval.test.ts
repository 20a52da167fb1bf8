// Through what orval's generator has written: see `test/recipes/orval`.
import { beforeEach, expect, test } from 'vitest'
import { createPet, getPet } from '../recipes/orval/by-axios.js'
import { useInstance } from '../recipes/orval/request.js'
import { authorizationOf, useBackend } from '../support/backend.js'
import { signIn } from '../support/guarded-api.js'

const backend = useBackend()
beforeEach(async () => useInstance((await signIn()).api))

test('ten concurrent 401s cause one refresh, and each operation gets its own reply', async () => {
  backend.accepted.clear()
  const pets = await Promise.all(Array.from({ length: 10 }, (_, id) => getPet(id)))
  expect(pets).toEqual(Array.from({ length: 10 }, (_, id) => ({ path: `/api/pets/${id}` })))
  expect(backend.refreshes).toHaveLength(1)
})

test('a body is the same when the operation is sent again, and an operation that fails has the reason as its cause', async () => {
  backend.accepted.clear()
  await createPet({ name: 'Rex' })
  expect(backend.calls.map(({ text }) => text)).toEqual(['{"name":"Rex"}', '{"name":"Rex"}'])
  backend.accepted.clear()
  backend.renew = () => new Response(null, { status: 401 })
  await expect(getPet(1)).rejects.toMatchObject({
    response: { status: 401 },
    cause: { code: 'SESSION_EXPIRED' },
  })
})

test('latchkey is an option of the operation', async () => {
  await getPet(1, { latchkey: false }).catch(() => {})
  expect(backend.calls.map(authorizationOf)).toEqual([null])
})
