import { fromStore, type Readable } from 'svelte/store'
import { expectTypeOf } from 'vitest'
import type { Session, SessionState } from '../../src/index.js'

declare const ours: Session<{ sub: string }>

// What `$session` takes, and what it is.
expectTypeOf(ours).toMatchTypeOf<Readable<SessionState<{ sub: string }>>>()
expectTypeOf(fromStore(ours).current).toEqualTypeOf<SessionState<{ sub: string }>>()
