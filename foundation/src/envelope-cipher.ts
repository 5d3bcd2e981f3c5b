import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

/** Thrown when a sealed value cannot be opened: wrong key, wrong row, or altered text. Says nothing of the value. */
export class DecryptionError extends Error {
  readonly code = 'SEAL_BROKEN'
  constructor(cause?: unknown) {
    super('A sealed value cannot be opened with this key and row.', { cause })
    this.name = 'SealBroken'
  }
}

/** Seals values for the database under the master key. */
export type EnvelopeCipher = {
  /** Encrypts for one row and purpose; opening it in another row fails. */
  encrypt(text: string, row: string): string
  /** @throws {DecryptionError} */
  decrypt(sealed: string, row: string): string
  /** True when `sealed` was written under another master key than the newest. */
  isStale(sealed: string): boolean
  /** A key for keyed digests, derived from the master key; stays the same as long as the oldest key is kept. */
  derive(purpose: string): Uint8Array
  /** Names the newest master key without giving it away; stands in each value sealed under it. */
  readonly keyId: string
}

const keyIdOf = (key: Uint8Array): string =>
  createHash('sha256').update('id').update(key).digest('base64url').slice(0, 8)

/**
 * AES-256-GCM with an envelope: a random data key for each value, wrapped under the master key. Additional data is
 * key id + row id (design: secrets at rest), so that a value copied to another row does not open.
 *
 * @param keys master keys of 32 bytes, newest first; older ones only open.
 */
export const createEnvelopeCipher = (keys: readonly Uint8Array[]): EnvelopeCipher => {
  const ring = keys.map((key) => {
    if (key.length !== 32) throw new Error('A master key has 32 bytes.')
    return { id: keyIdOf(key), key }
  })
  const newest = ring[0]
  const oldest = ring.at(-1)
  if (!newest || !oldest) throw new Error('A secret box needs a master key.')

  const encryptWith = (key: Uint8Array, plain: Uint8Array, aad: string): Buffer => {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(aad))
    const body = Buffer.concat([cipher.update(plain), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), body])
  }
  const decryptWith = (key: Uint8Array, box: Buffer, aad: string): Buffer => {
    const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, 12)).setAAD(Buffer.from(aad))
    decipher.setAuthTag(box.subarray(12, 28))
    return Buffer.concat([decipher.update(box.subarray(28)), decipher.final()])
  }

  return {
    keyId: newest.id,
    encrypt(text, row) {
      const dataKey = randomBytes(32)
      const wrapped = encryptWith(newest.key, dataKey, `${newest.id}:${row}:key`)
      const body = encryptWith(dataKey, Buffer.from(text, 'utf8'), `${newest.id}:${row}`)
      return ['v1', newest.id, wrapped.toString('base64url'), body.toString('base64url')].join('.')
    },
    decrypt(sealed, row) {
      try {
        const [version, id, wrapped, body] = sealed.split('.')
        const held = ring.find((entry) => entry.id === id)
        if (version !== 'v1' || !held || !wrapped || !body) throw new Error('unknown form or key')
        const dataKey = decryptWith(held.key, Buffer.from(wrapped, 'base64url'), `${id}:${row}:key`)
        return decryptWith(dataKey, Buffer.from(body, 'base64url'), `${id}:${row}`).toString('utf8')
      } catch (error) {
        throw new DecryptionError(error)
      }
    },
    isStale: (sealed) => sealed.split('.')[1] !== newest.id,
    derive: (purpose) => new Uint8Array(hkdfSync('sha256', oldest.key, 'veridoor', purpose, 32)),
  }
}

/**
 * Encrypts bytes under a key of their own (a verification session's pictures): losing the key loses the pictures.
 * @param key 32 bytes
 */
export const encryptBytes = (key: Uint8Array, bytes: Uint8Array, name: string): Buffer => {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name))
  const body = Buffer.concat([cipher.update(bytes), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body])
}

/** @throws {DecryptionError} */
export const decryptBytes = (key: Uint8Array, sealed: Uint8Array, name: string): Buffer => {
  try {
    const box = Buffer.from(sealed)
    const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, 12)).setAAD(Buffer.from(name))
    decipher.setAuthTag(box.subarray(12, 28))
    return Buffer.concat([decipher.update(box.subarray(28)), decipher.final()])
  } catch (error) {
    throw new DecryptionError(error)
  }
}
