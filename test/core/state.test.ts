// @vitest-environment node
import { expect, test } from 'vitest'
import { serverState } from '../../src/core/state.js'
import { openTab } from '../support/fake-tab.js'

test('a server renders what a page knows before it has looked into its store', () => {
  expect(serverState).toEqual(openTab().session.state)
  expect(serverState.status).toBe('loading')
})

test('no request that is rendered can change what the next one sees', () => {
  expect(() => Object.assign(serverState, { status: 'signed-in' })).toThrow(TypeError)
})
