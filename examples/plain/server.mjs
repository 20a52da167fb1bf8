// `npm run build && node examples/plain/server.mjs`, and open the address that it prints.
import { createApi } from '../api.mjs'
import { startStaticServer } from '../static-server.mjs'
import { plainPage } from './files.mjs'

const { url } = await startStaticServer({ ...plainPage, api: createApi() }, 5173)
console.log(url)
