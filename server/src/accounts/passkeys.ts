import {
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { Refusal } from '@veridoor/contract'
import { isUniqueViolation } from '@veridoor/foundation'
import { and, asc, eq } from 'drizzle-orm'
import { confirmPassword } from './confirm-password.ts'
import type { Parts } from './parts.ts'
import { keepChallenge, takeChallenge } from './passkey-challenges.ts'
import { passkeys } from './schema.ts'
import type { Caller } from './users.ts'

/** More than anybody has devices. */
const MOST = 20

/** Passkeys belong to a host name (WebAuthn: RP ID), never to a port or a numeric address. */
export const hostOf = (parts: Parts): string => new URL(parts.url).hostname
/** The only origin from which answers are taken, port and all (WebAuthn: origin). */
export const originOf = (parts: Parts): string => new URL(parts.url).origin

/** A passkey as its owner sees it; `lastUsedAt` is null before the first sign-in with it. */
export type Passkey = {
  readonly id: string
  readonly name: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
}

/** The oldest first. */
export const listPasskeys = (parts: Parts, userId: string): Promise<Passkey[]> =>
  parts.db
    .select({ id: passkeys.id, name: passkeys.name, createdAt: passkeys.createdAt, lastUsedAt: passkeys.lastUsedAt })
    .from(passkeys)
    .where(eq(passkeys.userId, userId))
    .orderBy(asc(passkeys.createdAt))

const own = (caller: Caller, id: string) => and(eq(passkeys.id, id), eq(passkeys.userId, caller.userId))

/**
 * What the browser needs to make one.
 * @throws {Refusal} INVALID_INPUT when the password is wrong; IN_USE when there are too many; TOO_MANY_REQUESTS
 */
export const startPasskey = async (parts: Parts, caller: Caller, password: string) => {
  await confirmPassword(parts, caller, password, 'password')
  const rows = await parts.db.select().from(passkeys).where(eq(passkeys.userId, caller.userId))
  if (rows.length >= MOST) throw new Refusal('IN_USE')
  const options = await generateRegistrationOptions({
    rpName: 'Veridoor',
    rpID: hostOf(parts),
    userName: caller.name,
    userID: new Uint8Array(Buffer.from(caller.userId)),
    attestationType: 'none',
    excludeCredentials: rows.map(({ id, transports }) => ({ id, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  await keepChallenge(parts, { userId: caller.userId }, options.challenge)
  return options
}

/** @throws {Refusal} PASSKEY_REFUSED when the answer is not to our question; CONFLICT when it is somebody's already */
export const addPasskey = async (
  parts: Parts,
  caller: Caller,
  name: string,
  response: RegistrationResponseJSON,
): Promise<void> => {
  const checked = await verifyRegistrationResponse({
    response,
    expectedChallenge: (challenge) => takeChallenge(parts, { userId: caller.userId }, challenge),
    expectedOrigin: originOf(parts),
    expectedRPID: hostOf(parts),
    requireUserVerification: true,
  }).catch((cause: unknown) => {
    throw new Refusal('PASSKEY_REFUSED', { cause })
  })
  if (!checked.verified) throw new Refusal('PASSKEY_REFUSED')
  const { credential } = checked.registrationInfo
  try {
    await parts.db.transaction(async (tx) => {
      await tx.insert(passkeys).values({
        id: credential.id,
        userId: caller.userId,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        transports: (credential.transports ?? []).slice(0, 10),
        name,
        createdAt: parts.clock.now(),
      })
      await parts.audit.append(tx, lineOf(caller, 'add-passkey'))
    })
  } catch (error) {
    if (isUniqueViolation(error, 'passkeys_pkey')) throw new Refusal('CONFLICT', { cause: error })
    throw error
  }
}

const lineOf = (caller: Caller, action: string) => ({
  organization: caller.organization,
  actor: caller.actor,
  action,
  target: caller.actor,
  address: caller.address,
})

/** @throws {Refusal} NOT_FOUND */
export const renamePasskey = async (parts: Parts, caller: Caller, id: string, name: string): Promise<void> => {
  const changed = await parts.db.update(passkeys).set({ name }).where(own(caller, id))
  if (changed.rowCount !== 1) throw new Refusal('NOT_FOUND')
}

/** @throws {Refusal} NOT_FOUND */
export const removePasskey = (parts: Parts, caller: Caller, id: string): Promise<void> =>
  parts.db.transaction(async (tx) => {
    const removed = await tx.delete(passkeys).where(own(caller, id))
    if (removed.rowCount !== 1) throw new Refusal('NOT_FOUND')
    await parts.audit.append(tx, lineOf(caller, 'remove-passkey'))
  })
