// What orval's fetch client generates, written out by hand after its template: one function per operation, which hands
// its URL and a RequestInit to the mutator.
import { expect, test } from 'vitest'
import { authErrorOf, type Fetch } from '../../../src/fetch.js'
import { authorizationOf, useBackend } from '../../support/backend.js'
import { apiUrl, signIn } from '../../support/guarded-fetch.js'

interface Pet {
  path: string
}
interface NewPet {
  name: string
}
interface Unauthorized {
  message: string
}

type getPetResponse =
  | { data: Pet; status: 200; headers: Headers }
  | { data: Unauthorized; status: 401; headers: Headers }
type createPetResponse = { data: Pet; status: 200; headers: Headers }

let api: Fetch
let lastResponse: Response | undefined

/** The mutator, as the app writes it once. */
const customFetch = async <T>(url: string, options: RequestInit): Promise<T> => {
  const response = await api(apiUrl + url, options)
  lastResponse = response
  const body = [204, 205, 304].includes(response.status) ? null : await response.text()
  const data = body ? JSON.parse(body) : {}
  return { data, status: response.status, headers: response.headers } as T
}

const getGetPetUrl = (petId: number): string => `/pets/${petId}`
const getPet = async (petId: number, options?: RequestInit): Promise<getPetResponse> =>
  customFetch<getPetResponse>(getGetPetUrl(petId), { ...options, method: 'GET' })

const getCreatePetUrl = (): string => '/pets'
const createPet = async (newPet: NewPet, options?: RequestInit): Promise<createPetResponse> =>
  customFetch<createPetResponse>(getCreatePetUrl(), {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(options?.headers as Record<string, string>) },
    body: JSON.stringify(newPet),
  })

const backend = useBackend()

test('ten concurrent 401s cause one refresh, and each operation gets its own reply', async () => {
  api = (await signIn()).api
  backend.accepted.clear()
  const replies = await Promise.all(Array.from({ length: 10 }, (_, id) => getPet(id)))
  expect(replies.map(({ data }) => data)).toEqual(
    Array.from({ length: 10 }, (_, id) => ({ path: `/api/pets/${id}` })),
  )
  expect(backend.refreshes).toHaveLength(1)
})

test('a body is the same when the operation is sent again', async () => {
  api = (await signIn()).api
  backend.accepted.clear()
  expect((await createPet({ name: 'Rex' }, { headers: { 'X-Own': 'yes' } })).status).toBe(200)
  expect(backend.calls.map(({ text, headers }) => [text, headers.get('x-own')])).toEqual([
    ['{"name":"Rex"}', 'yes'],
    ['{"name":"Rex"}', 'yes'],
  ])
})

test('a refresh that is refused hands over the 401 of the API, and authErrorOf says why', async () => {
  api = (await signIn()).api
  backend.accepted.clear()
  backend.renew = () => new Response(null, { status: 401 })
  expect(await getPet(1)).toMatchObject({ status: 401, data: { message: 'unauthorized' } })
  expect(authErrorOf(lastResponse as Response)).toMatchObject({ code: 'SESSION_EXPIRED' })
})

test('latchkey is an option of the operation', async () => {
  api = (await signIn()).api
  await getPet(1, { latchkey: false })
  expect(backend.calls.map(authorizationOf)).toEqual([null])
})
