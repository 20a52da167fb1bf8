import { aspnet } from './aspnet.js'
import { cookie } from './cookie.js'
import { django } from './django.js'
import { headers } from './headers.js'
import { json } from './json.js'
import type { ProtocolName } from './names.js'
import { oauth } from './oauth.js'
import type { Protocol } from './protocol.js'
import { spring } from './spring.js'

export const protocols: Readonly<Record<ProtocolName, Protocol>> = {
  headers,
  json,
  cookie,
  oauth,
  django,
  spring,
  aspnet,
}
