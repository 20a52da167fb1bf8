import axios from 'axios'
import axiosRetry from 'axios-retry'
import { describe } from 'vitest'
import { withSession } from '../../src/axios.js'
import { retry } from '../recipes/code/axios-retry.js'
import { describeRetries } from './support/retried-requests.js'

const api = () => axios.create({ baseURL: 'http://app.test/api' })

describe('axios-retry with its defaults, registered before the guard:', () => {
  describeRetries(
    (session) => {
      const instance = api()
      axiosRetry(instance)
      return withSession(instance, session)
    },
    ['GET', 'POST'],
  )
})

describe('axios-retry with its defaults, registered after the guard:', () => {
  describeRetries(
    (session) => {
      const instance = withSession(api(), session)
      axiosRetry(instance)
      return instance
    },
    ['GET', 'POST'],
  )
})

describe('axios-retry as the recipe has it:', () => {
  describeRetries(
    (session) => {
      const instance = withSession(api(), session)
      retry(instance)
      return instance
    },
    ['GET', 'POST'],
  )
})
