import { createDatabase } from '../../browser/database.js'
import { authError } from '../../core/errors.js'

/** The key to which tokens are bound. It signs in this browser, and no script can export it. */
export interface ProofKey {
  readonly privateKey: CryptoKey
  /** The public key, which is in every proof. */
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
 * Loads the key of this browser and client, or makes it. Where two tabs make one at once, both use the one that is stored
 * first. Where it cannot be stored, it lasts as long as the page.
 */
export async function loadProofKey(clientId: string): Promise<ProofKey> {
  if (!globalThis.crypto?.subtle) {
    throw authError('REFRESH_REFUSED', 'DPoP')
  }
  const database = createDatabase(databaseName)
  try {
    const stored = await database.run('readonly', (records) => {
      const request: IDBRequest<unknown> = records.get(clientId)
      return () => request.result
    })
    if (isProofKey(stored)) return stored
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
