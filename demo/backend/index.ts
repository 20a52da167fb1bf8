export { type Backend, createBackend, type Host, mounts, type SideCounters } from './backend.js'
export { createMemoryTable, type RefreshTokenRow } from './refresh-token-table.js'
export { type BackendState, createState } from './state.js'
