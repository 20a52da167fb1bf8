import { expectTypeOf } from 'vitest'
import type { Session, SessionOptions } from '../../src/index.js'
import { guardFetch, toServiceWorker } from '../../src/service-worker.js'

declare const session: Session<{ sub: string }>

// `self` as the DOM has it, any session, and exact origins.
expectTypeOf(guardFetch<{ sub: string }>).toBeCallableWith(self, session, { allowedOrigins: [] })
expectTypeOf(guardFetch).returns.toBeVoid()
// @ts-expect-error the origins are not left to chance
guardFetch(self, session, {})

expectTypeOf(toServiceWorker()).toExtend<NonNullable<SessionOptions['handOver']>>()
