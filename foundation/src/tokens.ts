import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits, base64url: unguessable tokens for sessions, notices and links. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** What the database keeps of a token. A token has 256 bits of its own, so a plain digest is enough. */
export const digest = (value: string | Uint8Array): string => createHash('sha256').update(value).digest('base64url')

/** A keyed digest: the same value cannot be recognised without the key, nor tried out from a dump. */
export const keyedDigest = (key: Uint8Array, value: string): string =>
  createHmac('sha256', key).update(value).digest('base64url')

/** Compares without telling by time how much was right. */
export const timingSafeEqualText = (a: string, b: string): boolean => {
  const left = createHash('sha256').update(a).digest()
  const right = createHash('sha256').update(b).digest()
  return timingSafeEqual(left, right)
}

// Without vowels and look-alikes, so that a reference spells no word and survives being read out.
const ALPHABET = '23456789BCDFGHJKMNPQRSTVWXYZ'

/**
 * A short reference for people: `VD-7KQ2-M4XR` carries 28^8 values. A database constraint says which are taken: whoever writes one tries
 * again with another.
 */
export const newReference = (): string => {
  let text = ''
  while (text.length < 8) {
    const byte = randomBytes(1)[0] ?? 255
    // Values from 252 up would make the first letters likelier.
    if (byte < 252) text += ALPHABET[byte % 28]
  }
  return `VD-${text.slice(0, 4)}-${text.slice(4)}`
}
