import { guardPictures } from './guard-pictures.js'
import { takePages } from './life-cycle.js'

const scope = globalThis as unknown as WorkerScope

takePages(scope)
guardPictures(scope, globalThis.fetch.bind(globalThis))
