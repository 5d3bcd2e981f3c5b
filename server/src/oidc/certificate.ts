import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import type { JWK } from 'jose'

/** One element of the Distinguished Encoding Rules (X.690, section 8.1): tag, length, content. */
const element = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content)
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const length = Buffer.from(body.length.toString(16).padStart(body.length > 0xff ? 4 : 2, '0'), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body])
}
const sequence = (...content: readonly Uint8Array[]): Buffer => element(0x30, ...content)
const identifier = (hex: string): Buffer => element(0x06, Buffer.from(hex, 'hex'))

/** sha256WithRSAEncryption, with its null (RFC 4055, section 5), and ecdsa-with-SHA256 (RFC 5758, section 3.2). */
const algorithms: Readonly<Record<string, Buffer>> = {
  RS256: sequence(identifier('2a864886f70d01010b'), element(0x05)),
  ES256: sequence(identifier('2a8648ce3d040302')),
}
const COMMON_NAME = '550403'
const NAME = sequence(
  element(0x31, sequence(identifier(COMMON_NAME), element(0x0c, Buffer.from('Veridoor token signing')))),
)
/** The certificate carries a key and vouches for nothing: it has no end of its own (RFC 5280, section 4.1.2.5). */
const VALIDITY = sequence(element(0x17, Buffer.from('200101000000Z')), element(0x18, Buffer.from('99991231235959Z')))

/**
 * A signing key's public half as a self-signed X.509 certificate (RFC 5280, version 1), PEM: several of Casdoor's packages read
 * nothing else.
 * @throws {Error} for a key of another algorithm than RS256 and ES256
 */
export const certificateOf = (jwk: JWK): string => {
  const algorithm = algorithms[jwk.alg ?? '']
  if (!algorithm) throw new Error('a signing key of an unknown algorithm')
  const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' })
  const serial = createHash('sha256').update(String(jwk.kid)).digest().subarray(0, 16)
  // Positive, and its first byte not zero.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  const body = sequence(
    element(0x02, serial),
    algorithm,
    NAME,
    VALIDITY,
    NAME,
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
  )
  const signature = element(0x03, Buffer.from([0]), sign('sha256', body, key))
  const text = sequence(body, algorithm, signature)
    .toString('base64')
    .replace(/.{1,64}/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${text}-----END CERTIFICATE-----\n`
}
