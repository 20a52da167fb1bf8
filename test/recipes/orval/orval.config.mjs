// For `npx orval@8.38.0 --config ./orval.config.mjs`, which wrote by-fetch.ts and by-axios.ts.
export default {
  fetch: {
    input: './openapi.yaml',
    output: {
      target: './by-fetch.ts',
      client: 'fetch',
      httpClient: 'fetch',
      override: { mutator: { path: './custom-fetch.ts', name: 'customFetch' } },
    },
  },
  axios: {
    input: './openapi.yaml',
    output: {
      target: './by-axios.ts',
      client: 'axios-functions',
      override: { mutator: { path: './request.ts', name: 'request' } },
    },
  },
}
