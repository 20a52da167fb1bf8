// @vitest-environment node
import { expect, test } from 'vitest'
import { readText } from '../../src/http/response-text.js'
import { whilePolluted } from '../support/polluted.js'

/** A reply in chunks, and whether its rest was cancelled. */
function inChunks(chunks: readonly Uint8Array[]) {
  const queue = [...chunks]
  const state = { isCancelled: false }
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = queue.shift()
      if (chunk) controller.enqueue(chunk)
      else controller.close()
    },
    cancel() {
      state.isCancelled = true
      throw new Error('the connection is gone')
    },
  })
  return { response: new Response(body), state }
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

test('a text is put together from its chunks, also where one ends within a letter', async () => {
  const bytes = bytesOf('Zoë 🙂')
  const { response, state } = inChunks(Array.from(bytes, (byte) => Uint8Array.of(byte)))
  expect(await readText(response, bytes.length)).toBe('Zoë 🙂')
  expect(state.isCancelled).toBe(false)
})

test('a text that ends within a letter ends with the sign for what cannot be read', async () => {
  expect(await readText(inChunks([bytesOf('Zo'), Uint8Array.of(0xc3)]).response, 100)).toBe('Zo\ufffd')
})

test('a text that is longer than the limit is none, and its rest is cancelled, even where that fails', async () => {
  const { response, state } = inChunks([bytesOf('abc'), bytesOf('def'), bytesOf('ghi')])
  expect(await readText(response, 5)).toBeUndefined()
  expect(state.isCancelled).toBe(true)
})

test('without streams the text is read whole', async () => {
  expect(await readText({ body: null, text: async () => 'whole' } as unknown as Response, 1)).toBe('whole')
})

test('without streams the body of a polluted prototype is none', async () => {
  const response = { text: async () => 'whole' } as unknown as Response
  expect(await whilePolluted({ body: 'evil' }, () => readText(response, 1))).toBe('whole')
})
