import { X509Certificate } from 'node:crypto'
import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { certificateOf } from './certificate.ts'

const keyOf = async (alg: string) => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { jwk: { ...(await exportJWK(privateKey)), kid: 'one', alg }, own: await exportJWK(publicKey) }
}

describe('a certificate of a signing key', () => {
  it.each(['RS256', 'ES256'])('is read by others: the very key, signed by itself, without an end (%s)', async (alg) => {
    const { jwk, own } = await keyOf(alg)
    const certificate = new X509Certificate(certificateOf(jwk))
    expect(certificate.publicKey.export({ format: 'jwk' })).toEqual(own)
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.subject).toBe('CN=Veridoor token signing')
    expect(certificate.checkIssued(certificate)).toBe(true)
    expect(new Date(certificate.validTo).getUTCFullYear()).toBe(9999)
  })

  it('holds nothing of the private half', async () => {
    const { jwk } = await keyOf('RS256')
    const der = new X509Certificate(certificateOf(jwk)).raw
    for (const secret of [jwk.d, jwk.p, jwk.q]) expect(der.includes(Buffer.from(secret ?? '', 'base64url'))).toBe(false)
  })

  it('is made for no other kind of key', async () => {
    const { jwk } = await keyOf('EdDSA')
    expect(() => certificateOf(jwk)).toThrow('unknown algorithm')
  })
})
