import axios from 'axios'
import { attach } from 'retry-axios'
import { describe } from 'vitest'
import { withSession } from '../../src/axios.js'
import { retryByStatus } from '../recipes/code/retry-axios.js'
import { describeRetries } from './support/retried-requests.js'

// At once: how long it waits is its own affair.
const api = () => axios.create({ baseURL: 'http://app.test/api', raxConfig: { retryDelay: 0 } })

describe('retry-axios, attached before the guard:', () => {
  describeRetries(
    (session) => {
      const instance = api()
      attach(instance)
      return withSession(instance, session)
    },
    ['GET'],
  )
})

describe('retry-axios, attached after the guard:', () => {
  describeRetries(
    (session) => {
      const instance = withSession(api(), session)
      attach(instance)
      return instance
    },
    ['GET'],
  )
})

describe('retry-axios as the recipe has it:', () => {
  describeRetries(
    (session) => {
      const instance = withSession(api(), session)
      retryByStatus(instance)
      return instance
    },
    ['GET'],
  )
})
