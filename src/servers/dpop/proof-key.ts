import { createDatabase } from '../../browser/database.js'
import { AuthError } from '../../core/errors.js'

/** The key that tokens are bound to. It can sign here, and leave the browser in no way. */
export interface ProofKey {
  readonly privateKey: CryptoKey
  /** Its public half, as it stands in every proof. */
  readonly jwk: JsonWebKey
}

const isProofKey = (value: unknown): value is ProofKey => {
  const { privateKey, jwk } = Object(value)
  return privateKey?.algorithm?.name === 'ECDSA' && typeof jwk?.x === 'string' && typeof jwk.y === 'string'
}

const databaseName = 'latchkey-dpop'

async function generate(): Promise<ProofKey> {
  const { subtle } = crypto
  const { privateKey, publicKey } = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
  ])
  const { kty, crv, x, y } = await subtle.exportKey('jwk', publicKey)
  return { privateKey, jwk: { kty, crv, x, y } as JsonWebKey }
}

/**
 * The key of this browser and client, made when there is none. Of two tabs that make one at once, both take the one that
 * is kept first. Where it cannot be kept, it lasts as long as the page.
 */
export async function loadProofKey(clientId: string): Promise<ProofKey> {
  if (!globalThis.crypto?.subtle) {
    throw new AuthError(
      'REFRESH_REFUSED',
      'DPoP needs a secure context (https), for only there can a key be made',
    )
  }
  const database = createDatabase(databaseName)
  try {
    const kept = await database.run('readonly', (records) => {
      const request: IDBRequest<unknown> = records.get(clientId)
      return () => request.result
    })
    if (isProofKey(kept)) return kept
    const own = await generate()
    return await database.run('readwrite', (records) => {
      let agreed = own
      const request: IDBRequest<unknown> = records.get(clientId)
      request.onsuccess = () => {
        if (isProofKey(request.result)) agreed = request.result
        else records.put(own, clientId)
      }
      return () => agreed
    })
  } catch {
    return generate()
  } finally {
    database.close()
  }
}
