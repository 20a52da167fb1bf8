import { expect, test, vi } from 'vitest'
import { authorizationOf, useBackend } from '../support/backend.js'
import { signIn } from '../support/guarded-api.js'
import { antUpload, elementUpload } from './code/upload-components.js'

const backend = useBackend()
const file = new File(['the file'], 'a.txt')

/** What Element Plus hands to `http-request`, by its documentation. */
const elementOptions = () => ({
  action: '/files',
  method: 'post',
  filename: 'file',
  file: Object.assign(file, { uid: 1 }),
  data: { folder: 7 },
  headers: {},
  withCredentials: false,
  onProgress: vi.fn(),
  onSuccess: vi.fn(),
  onError: vi.fn(),
})

test('el-upload sends through the session: refused, refreshed, sent again with the file and the fields', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  const options = elementOptions()
  expect(await elementUpload(api)(options)).toEqual({ path: '/api/files' })
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
  for (const { text } of backend.calls) {
    expect(text).toMatch(/name="folder"\s+7\s/)
    // What is in a file gets lost between jsdom and msw.
    expect(text).toContain('name="file"; filename=')
  }
  // The component calls these itself when the promise settles.
  expect(options.onSuccess).not.toHaveBeenCalled()
})

test('el-upload gets a rejection where the server says no', async () => {
  const { api } = await signIn()
  backend.answer = () => new Response(null, { status: 413 })
  await expect(elementUpload(api)(elementOptions())).rejects.toMatchObject({ response: { status: 413 } })
})

/** What Ant Design hands to `customRequest`, by its documentation. */
const antOptions = () => ({ ...elementOptions(), onSuccess: vi.fn(), onError: vi.fn() })

test('Upload of Ant Design is told of the reply', async () => {
  const { api } = await signIn()
  backend.accepted.clear()
  const options = antOptions()
  antUpload(api)(options)
  await vi.waitFor(() => expect(options.onSuccess).toHaveBeenCalledWith({ path: '/api/files' }))
  expect(backend.calls.map(authorizationOf)).toEqual(['Bearer access-1', 'Bearer access-2'])
  expect(options.onError).not.toHaveBeenCalled()
})

test('Upload of Ant Design is told of an upload that the user gave up', async () => {
  const { api } = await signIn()
  backend.answer = () => new Promise(() => {})
  const options = antOptions()
  const { abort } = antUpload(api)(options)
  await vi.waitFor(() => expect(backend.calls).toHaveLength(1))
  abort()
  await vi.waitFor(() => expect(options.onError.mock.calls[0]?.[0]).toMatchObject({ code: 'ERR_CANCELED' }))
})
