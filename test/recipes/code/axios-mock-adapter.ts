import type { AxiosInstance } from 'axios'
import MockAdapter from 'axios-mock-adapter'

/** An API whose first reply is a 401; `mock.history` shows each attempt with its `Authorization`. */
export function mockOrders(api: AxiosInstance): MockAdapter {
  const mock = new MockAdapter(api)
  mock.onGet('/orders').replyOnce(401)
  mock.onGet('/orders').reply(200, [{ id: 1 }])
  return mock
}
