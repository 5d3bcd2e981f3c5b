import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { EnvelopeCipher } from './envelope-cipher.ts'

/** The fixed head of an Ed25519 private key in PKCS #8 (RFC 8410, section 7); 32 bytes of seed follow. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Signs text under a key that is derived from the master key and so is never in the database. */
export type StatementSigner = {
  /** Ed25519 (RFC 8032), base64url. */
  sign(text: string): string
  /** False for a missing, malformed or wrong signature; never throws. */
  verify(text: string, signature: string | null): boolean
}

const pairs = new WeakMap<EnvelopeCipher, Map<string, { readonly own: KeyObject; readonly open: KeyObject }>>()

/** @param purpose separates keys: a signature made for one purpose is worth nothing for another */
export const statementSigner = (cipher: EnvelopeCipher, purpose: string): StatementSigner => {
  const known = pairs.get(cipher) ?? new Map()
  pairs.set(cipher, known)
  const pairOf = () => {
    const found = known.get(purpose)
    if (found) return found
    const seed = Buffer.from(cipher.derive(`signature: ${purpose}`))
    const own = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' })
    const pair = { own, open: createPublicKey(own) }
    known.set(purpose, pair)
    return pair
  }
  return {
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), pairOf().own).toString('base64url'),
    verify(text, signature) {
      if (!signature || !/^[\w-]{86}$/.test(signature)) return false
      return verify(null, Buffer.from(text, 'utf8'), pairOf().open, Buffer.from(signature, 'base64url'))
    },
  }
}
