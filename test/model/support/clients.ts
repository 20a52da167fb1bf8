import axios, { AxiosError, type AxiosResponse, CanceledError, type InternalAxiosRequestConfig } from 'axios'
import { withSession as withAxios } from '../../../src/axios.js'
import { authErrorOf, withSession as withFetch } from '../../../src/fetch.js'
import { isAuthError, type Session } from '../../../src/index.js'
import {
  type Api,
  type ApiAnswer,
  type ApiReply,
  apiOrigin,
  foreignOrigin,
  type ModelRequest,
} from './api.js'

export type ClientName = 'axios' | 'fetch'

/** Sends a request of the app. Resolves with any reply of the API, and rejects as the client does. */
export type Client = (request: ModelRequest) => Promise<ApiReply>

/** A client of the app with the session added to it, and `api` in place of the network. */
export function openClient(name: ClientName, session: Session, api: Api): Client {
  const requests = new Map<string, ModelRequest>()
  const network: Network = (url, authorization) => api(requests.get(url) as ModelRequest, authorization)
  const send = name === 'axios' ? sendByAxios(session, network) : sendByFetch(session, network)
  return (request) => {
    requests.set(request.url, request)
    return send(request)
  }
}

type Network = (url: string, authorization: string | undefined) => Promise<ApiAnswer>

/** A stream can be sent once only. */
const bodyOf = ({ isReplayable }: ModelRequest): string | ReadableStream =>
  isReplayable ? 'text' : new ReadableStream()

const replyOf = (status: number, reason: unknown): ApiReply =>
  isAuthError(reason) ? { status, reason } : { status }

/** Where a redirect to another origin leads, which takes the token off. */
const elsewhere = `${foreignOrigin}/`

function sendByAxios(session: Session, network: Network): Client {
  async function adapter(config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
    const { headers, url = '', signal } = config
    const authorization = headers.get('Authorization') as string | undefined
    const { status, challenge, isForeign } = await network(url, authorization).catch((error) => {
      if (signal?.aborted) throw new CanceledError(undefined, config)
      throw AxiosError.from(error, 'ERR_NETWORK', config)
    })
    const response = {
      status,
      statusText: '',
      data: '',
      headers: { ...(challenge !== undefined && { 'www-authenticate': challenge }) },
      config,
      request: { responseURL: isForeign ? elsewhere : url },
    }
    if (status === 200) return response
    throw new AxiosError('refused', 'ERR_BAD_REQUEST', config, response.request, response)
  }

  const instance = withAxios(axios.create({ baseURL: apiOrigin, adapter }), session)
  return async (request) => {
    const { url, aborter, earlier } = request
    const own = { url, data: bodyOf(request), signal: aborter.signal, adapter }
    try {
      const { status, config } = await instance.request({
        method: 'post',
        ...Object(earlier?.config),
        ...own,
      })
      request.config = config
      return { status }
    } catch (error) {
      request.config = (error as { config?: unknown }).config
      if (!axios.isAxiosError(error) || !error.response) throw error
      return replyOf(error.response.status, error.cause)
    }
  }
}

function sendByFetch(session: Session, network: Network): Client {
  const guarded = withFetch(async (input, init) => {
    const authorization = new Headers(init?.headers).get('Authorization') ?? undefined
    const { status, challenge, isForeign } = await network(String(input), authorization)
    const headers = { ...(challenge !== undefined && { 'WWW-Authenticate': challenge }) }
    const response = new Response(null, { status, headers })
    if (isForeign)
      Object.defineProperties(response, { redirected: { value: true }, url: { value: elsewhere } })
    return response
  }, session)

  return async (request) => {
    const { url, aborter, earlier } = request
    // Whoever sends a call again has to say whose it was: `fetch` has no config that could.
    const latchkey = earlier?.session === undefined ? undefined : { session: earlier.session }
    const init = {
      method: 'POST',
      body: bodyOf(request),
      duplex: 'half',
      signal: aborter.signal,
      ...(latchkey && { latchkey }),
    }
    const response = await guarded(url, init)
    return replyOf(response.status, authErrorOf(response))
  }
}
