import type { Fetch } from '../../../src/fetch.js'

/** For MapLibre GL: `addProtocol('api', tileProtocol(api))`, and `api://tiles.example.com/{z}/{x}/{y}.pbf` in the style. */
export const tileProtocol =
  (api: Fetch) =>
  async ({ url }: { url: string }, { signal }: AbortController): Promise<{ data: ArrayBuffer }> => {
    const response = await api(url.replace('api://', 'https://'), { signal })
    if (!response.ok) throw new Error(`status ${response.status}`)
    return { data: await response.arrayBuffer() }
  }
