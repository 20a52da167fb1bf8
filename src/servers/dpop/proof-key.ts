import { createDatabase } from '../../browser/database.js'
import { authError } from '../../core/errors.js'
import { fieldOf } from '../../core/own-fields.js'

/** The key to which tokens are bound. It signs in this browser, and no script can export it. */
export interface ProofKey {
  readonly privateKey: CryptoKey
  /** The public key, which is in every proof. */
  readonly jwk: JsonWebKey
}

const databaseName = 'latchkey-dpop'
const curve = { name: 'ECDSA', namedCurve: 'P-256' }

async function generate(): Promise<ProofKey> {
  const { subtle } = crypto
  const { privateKey, publicKey } = await subtle.generateKey(curve, false, ['sign'])
  const { x, y } = await subtle.exportKey('jwk', publicKey)
  return proofKey(privateKey, x, y)
}

const proofKey = (privateKey: CryptoKey, x: unknown, y: unknown): ProofKey => ({
  privateKey,
  jwk: { kty: 'EC', crv: 'P-256', x, y } as JsonWebKey,
})

/** The key in a record, rebuilt and still untried; `undefined` where there is none, or one that scripts can export. */
function readProofKey(record: unknown): ProofKey | undefined {
  const privateKey = fieldOf(record, 'privateKey')
  const jwk = fieldOf(record, 'jwk')
  const [x, y] = [fieldOf(jwk, 'x'), fieldOf(jwk, 'y')]
  const isOurs = privateKey instanceof CryptoKey && !privateKey.extractable
  return isOurs && typeof x === 'string' && typeof y === 'string' ? proofKey(privateKey, x, y) : undefined
}

/** Whether the private key signs as ES256 demands, and the public one is its own: else no server would take a proof. */
async function isPair({ privateKey, jwk }: ProofKey): Promise<boolean> {
  const { subtle } = crypto
  const algorithm = { name: curve.name, hash: 'SHA-256' }
  const message = new Uint8Array(1)
  try {
    const publicKey = await subtle.importKey('jwk', jwk, curve, false, ['verify'])
    const signature = await subtle.sign(algorithm, privateKey, message)
    return await subtle.verify(algorithm, publicKey, signature, message)
  } catch {
    return false
  }
}

/**
 * Loads the key of this browser and client, or makes it. Where two tabs make one at once, both use the one that is stored
 * first. A record that is no such key is replaced. Where the key cannot be stored, it lasts as long as the page.
 */
export async function loadProofKey(clientId: string): Promise<ProofKey> {
  if (!globalThis.crypto?.subtle) {
    throw authError('REFRESH_REFUSED', 'DPoP')
  }
  const database = createDatabase(databaseName)
  let own: ProofKey | undefined
  try {
    const stored = await database.run('readonly', (records) => {
      const request: IDBRequest<unknown> = records.get(clientId)
      return () => readProofKey(request.result)
    })
    if (stored && (await isPair(stored))) return stored
    const made = await generate()
    own = made
    const agreed = await database.run('readwrite', (records) => {
      let agreed = made
      const request: IDBRequest<unknown> = records.get(clientId)
      request.onsuccess = () => {
        const found = readProofKey(request.result)
        // No crypto can be awaited inside a transaction: one that is not what was judged above is another tab's.
        if (found && found.jwk.x !== stored?.jwk.x) agreed = found
        else records.put(made, clientId)
      }
      return () => agreed
    })
    return agreed === made || (await isPair(agreed)) ? agreed : made
  } catch {
    return own ?? generate()
  } finally {
    database.close()
  }
}
