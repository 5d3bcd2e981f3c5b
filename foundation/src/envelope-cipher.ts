import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

/** An encrypted value cannot be decrypted: wrong key, wrong row, or altered text. Says nothing of the value. */
export class DecryptionError extends Error {
  readonly code = 'DECRYPTION_FAILED'
  constructor(cause?: unknown) {
    super('An encrypted value cannot be decrypted with this key and row.', { cause })
    this.name = 'DecryptionError'
  }
}

/** Encrypts values for the database under the master key. */
export type EnvelopeCipher = {
  /** Encrypts for one row and purpose; decrypting it in another row fails. */
  encrypt(text: string, row: string): string
  /** @throws {DecryptionError} */
  decrypt(encrypted: string, row: string): string
  /** True when `encrypted` was written under another master key than the newest. */
  isStale(encrypted: string): boolean
  /** A key for keyed digests. Derived from the root key, so that it stays the same when the master key changes. */
  derive(purpose: string): Uint8Array
  /** Names the newest master key without giving it away; stands in each value encrypted under it. */
  readonly keyId: string
}

type HeldKey = { readonly id: string; readonly key: Uint8Array }

const VERSION = 'v2'
const keyIdOf = (key: Uint8Array): string =>
  createHash('sha256').update('id').update(key).digest('base64url').slice(0, 8)

const ringOf = (keys: readonly Uint8Array[]): readonly [HeldKey, ...HeldKey[]] => {
  const [newest, ...older] = keys.map((key) => {
    if (key.length !== 32) throw new Error('A master key has 32 bytes.')
    return { id: keyIdOf(key), key }
  })
  if (!newest) throw new Error('A cipher needs a master key.')
  return [newest, ...older]
}

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
const wrapAad = (id: string): string => `${id}:key`

/** A key of 32 bytes for one purpose (HKDF, RFC 5869). */
export const deriveKey = (key: Uint8Array, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, 'veridoor', purpose, 32))

/** Keys of another process that never holds the master keys, one for each of them, newest first. */
export const processKeys = (masterKeys: readonly Uint8Array[], process: string): Uint8Array[] =>
  masterKeys.map((key) => deriveKey(key, `process ${process}`))

/**
 * AES-256-GCM with an envelope: a random data key for each value, wrapped under the master key. The additional data of the value is its
 * row, so that a value copied to another row does not decrypt. That of the wrapped key is the master key's id alone, so that a new
 * master key takes over without knowing the rows (`createRewrapper`).
 *
 * @param keys master keys of 32 bytes, newest first; older ones only decrypt
 * @param root what `derive` starts from (`loadRootKey`); the oldest master key when left out
 */
export const createEnvelopeCipher = (keys: readonly Uint8Array[], root?: Uint8Array): EnvelopeCipher => {
  const ring = ringOf(keys)
  const [newest] = ring
  const base = root ?? ring.at(-1)?.key ?? newest.key
  return {
    keyId: newest.id,
    encrypt(text, row) {
      const dataKey = randomBytes(32)
      const wrapped = encryptWith(newest.key, dataKey, wrapAad(newest.id))
      const body = encryptWith(dataKey, Buffer.from(text, 'utf8'), row)
      return [VERSION, newest.id, wrapped.toString('base64url'), body.toString('base64url')].join('.')
    },
    decrypt(encrypted, row) {
      try {
        const [version, id, wrapped, body] = encrypted.split('.')
        const held = ring.find((entry) => entry.id === id)
        if (version !== VERSION || !held || !wrapped || !body) throw new Error('unknown form or key')
        const dataKey = decryptWith(held.key, Buffer.from(wrapped, 'base64url'), wrapAad(held.id))
        return decryptWith(dataKey, Buffer.from(body, 'base64url'), row).toString('utf8')
      } catch (error) {
        throw new DecryptionError(error)
      }
    },
    isStale: (encrypted) => encrypted.split('.')[1] !== newest.id,
    derive: (purpose) => deriveKey(base, purpose),
  }
}

/**
 * Wraps data keys anew under the newest master key. The values themselves stay as they are, so no row has to be known.
 * @returns a function that takes any text and replaces each encrypted value in it; a text without one comes back as it is
 * @throws {DecryptionError} for a value under a key that is not among `keys`
 */
export const createRewrapper = (keys: readonly Uint8Array[]): ((text: string) => string) => {
  const ring = ringOf(keys)
  const [newest] = ring
  return (text) =>
    text.replace(/\bv2\.([\w-]{8})\.([\w-]{80})\.(?=[\w-])/g, (whole, id: string, wrapped: string) => {
      if (id === newest.id) return whole
      const held = ring.find((entry) => entry.id === id)
      if (!held) throw new DecryptionError()
      try {
        const dataKey = decryptWith(held.key, Buffer.from(wrapped, 'base64url'), wrapAad(held.id))
        return `v2.${newest.id}.${encryptWith(newest.key, dataKey, wrapAad(newest.id)).toString('base64url')}.`
      } catch (error) {
        throw new DecryptionError(error)
      }
    })
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
export const decryptBytes = (key: Uint8Array, encrypted: Uint8Array, name: string): Buffer => {
  try {
    const box = Buffer.from(encrypted)
    const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, 12)).setAAD(Buffer.from(name))
    decipher.setAuthTag(box.subarray(12, 28))
    return Buffer.concat([decipher.update(box.subarray(28)), decipher.final()])
  } catch (error) {
    throw new DecryptionError(error)
  }
}
