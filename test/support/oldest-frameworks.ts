import { createRequire } from 'node:module'
import { resolve } from 'node:path'

/** Loads a package in the oldest version that the bindings promise to fit. */
export const oldest: NodeJS.Require = createRequire(resolve('test/oldest-frameworks/package.json'))
