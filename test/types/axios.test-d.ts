import axios, { type AxiosInstance, type AxiosResponse } from 'axios'
import { expectTypeOf } from 'vitest'
import { type LatchkeyRequestOptions, type WithSessionOptions, withSession } from '../../src/axios.js'
import type { Session } from '../../src/index.js'
import type { AnyIn, AnyInCalls } from './any-in.js'

declare const session: Session
declare const ours: Session<{ sub: string }>

expectTypeOf<AnyIn<typeof import('../../src/axios.js')>>().toBeNever()
expectTypeOf<AnyInCalls<typeof import('../../src/axios.js')>>().toBeNever()
expectTypeOf<WithSessionOptions>().toEqualTypeOf<{ allowedOrigins?: string[] }>()

// What comes back is what went in: callable, its generics and the app's own additions kept.
const api = withSession(axios.create(), session)
expectTypeOf(api).toEqualTypeOf<AxiosInstance>()
expectTypeOf(api.get<{ name: string }>('/me')).resolves.toEqualTypeOf<AxiosResponse<{ name: string }>>()
expectTypeOf(api<{ name: string }>('/me')).resolves.toMatchTypeOf<{ data: { name: string } }>()
declare const extended: AxiosInstance & { team: string }
expectTypeOf(withSession(extended, ours, { allowedOrigins: ['https://api.example.com'] }).team).toBeString()
// @ts-expect-error: a session is no option
withSession(axios.create())
// @ts-expect-error: there is no such option
withSession(axios.create(), session, { origins: [] })

// What a request may say for itself.
api.get('/me', { latchkey: false })
api.get('/me', { latchkey: { attach: false, refresh: false } })
expectTypeOf<LatchkeyRequestOptions>().toEqualTypeOf<{
  attach?: boolean
  refresh?: boolean
  session?: string
}>()
// @ts-expect-error: `true` is the default, and not said
api.get('/me', { latchkey: true })
// @ts-expect-error: there is no such option
api.get('/me', { latchkey: { retry: false } })
