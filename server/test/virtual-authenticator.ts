import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

type Item = number | string | Uint8Array | ReadonlyMap<number | string, Item>

/** The head of a data item (RFC 8949, 3): its kind, and its length or value. */
const headOf = (kind: number, value: number): Buffer =>
  value < 24
    ? Buffer.from([(kind << 5) | value])
    : value < 256
      ? Buffer.from([(kind << 5) | 24, value])
      : Buffer.from([(kind << 5) | 25, value >> 8, value & 255])

/** As much of CBOR (RFC 8949) as an authenticator writes. */
const cbor = (item: Item): Buffer => {
  if (typeof item === 'number') return item >= 0 ? headOf(0, item) : headOf(1, -1 - item)
  if (typeof item === 'string') return Buffer.concat([headOf(3, Buffer.byteLength(item)), Buffer.from(item)])
  if (item instanceof Uint8Array) return Buffer.concat([headOf(2, item.length), item])
  return Buffer.concat([headOf(5, item.size), ...[...item].flatMap(([key, value]) => [cbor(key), cbor(value)])])
}

const sha256 = (data: Uint8Array | string): Buffer => createHash('sha256').update(data).digest()
const base64url = (data: Uint8Array | string): string => Buffer.from(data).toString('base64url')

/** What a browser and its authenticator are told, or lie about. */
export type Circumstances = {
  readonly origin: string
  readonly rpId: string
  readonly challenge: string
  /** The person entered a PIN or showed a finger. */
  readonly isUserVerified?: boolean
  readonly type?: 'webauthn.create' | 'webauthn.get'
  /** Whose passkey the authenticator says it is; left out: as it was made. */
  readonly userHandle?: string
  readonly credentialId?: string
}

/** An authenticator of the tests' own (WebAuthn Level 3, 6): ES256, attestation `none`, with one passkey. */
export const newAuthenticator = () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const credentialId = randomBytes(32)
  let counter = 0
  let userHandle = ''

  /** COSE_Key of an elliptic curve (RFC 9053, 7.1.1). */
  const coseKey = (key: KeyObject): Buffer => {
    const { x = '', y = '' } = key.export({ format: 'jwk' })
    return cbor(
      new Map<number, Item>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ]),
    )
  }
  /** Authenticator data (6.1): hash of the RP ID, flags, counter, and the new credential where there is one. */
  const dataOf = (at: Circumstances, credential?: Buffer): Buffer => {
    const flags = 0x01 | (at.isUserVerified === false ? 0 : 0x04) | (credential ? 0x40 : 0)
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    return Buffer.concat([sha256(at.rpId), Buffer.from([flags]), count, credential ?? Buffer.alloc(0)])
  }
  const clientDataOf = (at: Circumstances, type: string): Buffer =>
    Buffer.from(
      JSON.stringify({ type: at.type ?? type, challenge: at.challenge, origin: at.origin, crossOrigin: false }),
    )
  const id = base64url(credentialId)

  return {
    id,
    setCounter(value: number): void {
      counter = value
    },
    /** The answer of `navigator.credentials.create`. @param handle `user.id` of the options */
    create(at: Circumstances, handle: string) {
      userHandle = handle
      const length = Buffer.from([credentialId.length >> 8, credentialId.length & 255])
      const credential = Buffer.concat([Buffer.alloc(16), length, credentialId, coseKey(publicKey)])
      const attestation = new Map<string, Item>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', dataOf(at, credential)],
      ])
      return {
        id,
        rawId: id,
        type: 'public-key',
        response: {
          clientDataJSON: base64url(clientDataOf(at, 'webauthn.create')),
          attestationObject: base64url(cbor(attestation)),
          transports: ['internal'],
        },
      }
    },
    /** The answer of `navigator.credentials.get`. */
    get(at: Circumstances) {
      counter += 1
      const authenticatorData = dataOf(at)
      const clientData = clientDataOf(at, 'webauthn.get')
      const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), privateKey)
      return {
        id: at.credentialId ?? id,
        rawId: at.credentialId ?? id,
        type: 'public-key',
        response: {
          clientDataJSON: base64url(clientData),
          authenticatorData: base64url(authenticatorData),
          signature: base64url(signature),
          userHandle: at.userHandle ?? userHandle,
        },
      }
    },
  }
}
