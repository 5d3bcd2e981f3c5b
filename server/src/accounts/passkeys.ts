import {
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { ApiError } from '@veridoor/contract'
import { isUniqueViolation } from '@veridoor/foundation'
import { and, asc, eq } from 'drizzle-orm'
import { confirmPassword } from './confirm-password.ts'
import type { AccountsDeps } from './deps.ts'
import { keepChallenge, takeChallenge } from './passkey-challenges.ts'
import { passkeys } from './schema.ts'
import type { Caller } from './users.ts'

/** More than anybody has devices. */
const MOST = 20

/** Passkeys belong to a host name (WebAuthn: RP ID), never to a port or a numeric address. */
export const hostOf = (deps: AccountsDeps): string => new URL(deps.url).hostname
/** The only origin from which answers are taken, port and all (WebAuthn: origin). */
export const originOf = (deps: AccountsDeps): string => new URL(deps.url).origin

/** A passkey as its owner sees it; `lastUsedAt` is null before the first sign-in with it. */
export type Passkey = {
  readonly id: string
  readonly name: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
}

/** The oldest first. */
export const listPasskeys = (deps: AccountsDeps, { userId }: Pick<Caller, 'userId'>): Promise<Passkey[]> =>
  deps.db
    .select({ id: passkeys.id, name: passkeys.name, createdAt: passkeys.createdAt, lastUsedAt: passkeys.lastUsedAt })
    .from(passkeys)
    .where(eq(passkeys.userId, userId))
    .orderBy(asc(passkeys.createdAt))

const own = (caller: Caller, id: string) => and(eq(passkeys.id, id), eq(passkeys.userId, caller.userId))

/**
 * What the browser needs to make one.
 * @throws {ApiError} INVALID_INPUT when the password is wrong; IN_USE when there are too many; TOO_MANY_REQUESTS
 */
export const startPasskey = async (deps: AccountsDeps, caller: Caller, password: string) => {
  await confirmPassword(deps, caller, password, 'password')
  const rows = await deps.db.select().from(passkeys).where(eq(passkeys.userId, caller.userId))
  if (rows.length >= MOST) throw new ApiError('IN_USE')
  const options = await generateRegistrationOptions({
    rpName: 'Veridoor',
    rpID: hostOf(deps),
    userName: caller.name,
    userID: new Uint8Array(Buffer.from(caller.userId)),
    attestationType: 'none',
    excludeCredentials: rows.map(({ id, transports }) => ({ id, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  await keepChallenge(deps, { userId: caller.userId }, options.challenge)
  return options
}

/** @throws {ApiError} PASSKEY_REFUSED when the answer is not to our question; CONFLICT when it is somebody's already */
export const addPasskey = async (
  deps: AccountsDeps,
  caller: Caller,
  name: string,
  response: RegistrationResponseJSON,
): Promise<void> => {
  const checked = await verifyRegistrationResponse({
    response,
    expectedChallenge: (challenge) => takeChallenge(deps, { userId: caller.userId }, challenge),
    expectedOrigin: originOf(deps),
    expectedRPID: hostOf(deps),
    requireUserVerification: true,
  }).catch((cause: unknown) => {
    throw new ApiError('PASSKEY_REFUSED', { cause })
  })
  if (!checked.verified) throw new ApiError('PASSKEY_REFUSED')
  const { credential } = checked.registrationInfo
  try {
    await deps.db.transaction(async (tx) => {
      await tx.insert(passkeys).values({
        id: credential.id,
        userId: caller.userId,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        transports: (credential.transports ?? []).slice(0, 10),
        name,
        createdAt: deps.clock.now(),
      })
      await deps.audit.append(tx, lineOf(caller, 'add-passkey'))
    })
  } catch (error) {
    if (isUniqueViolation(error, 'passkeys_pkey')) throw new ApiError('CONFLICT', { cause: error })
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

/** @throws {ApiError} NOT_FOUND */
export const renamePasskey = async (deps: AccountsDeps, caller: Caller, id: string, name: string): Promise<void> => {
  const changed = await deps.db.update(passkeys).set({ name }).where(own(caller, id))
  if (changed.rowCount !== 1) throw new ApiError('NOT_FOUND')
}

/** @throws {ApiError} NOT_FOUND */
export const removePasskey = (deps: AccountsDeps, caller: Caller, id: string): Promise<void> =>
  deps.db.transaction(async (tx) => {
    const removed = await tx.delete(passkeys).where(own(caller, id))
    if (removed.rowCount !== 1) throw new ApiError('NOT_FOUND')
    await deps.audit.append(tx, lineOf(caller, 'remove-passkey'))
  })
