import alova from './alova.mjs'
import axiosAuthRefresh from './axios-auth-refresh.mjs'
import axiosAuthRefreshQueue from './axios-auth-refresh-queue.mjs'
import axiosJwt from './axios-jwt.mjs'
import copiedSnippet from './copied-snippet.mjs'
import ky from './ky.mjs'
import latchkey from './latchkey.mjs'
import latchkeyFetch from './latchkey-fetch.mjs'
import oidcClientTs from './oidc-client-ts.mjs'
import supabase from './supabase.mjs'

/** @type {Record<string, import('./peer.js').Peer>} */
export const axiosPeers = {
  latchkey,
  copiedSnippet,
  axiosAuthRefresh,
  axiosAuthRefreshQueue,
  axiosJwt,
  supabase,
  oidcClientTs,
}

/** @type {Record<string, import('./peer.js').Peer>} */
export const fetchPeers = { latchkeyFetch, ky, alova }

export const peers = { ...axiosPeers, ...fetchPeers }
