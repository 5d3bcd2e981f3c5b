import { ApiError, canonicalCode } from '@veridoor/contract'
import { digest } from '@veridoor/foundation'
import { and, eq } from 'drizzle-orm'
import { Secret } from 'otpauth'
import { enforceRateLimit } from '../budgets/index.ts'
import { findOrganization } from '../organizations/index.ts'
import { confirmPassword } from './confirm-password.ts'
import type { AccountsDeps } from './deps.ts'
import { endTrust } from './end-trust.ts'
import { forgetRecoveryCodes, renewRecoveryCodes } from './recovery-codes.ts'
import { authenticators, sessions } from './schema.ts'
import { hasSecondStep, secretAad, takeAppCode, totpOf } from './second-step.ts'
import type { Caller } from './users.ts'

const lineOf = (caller: Caller, action: string) => ({
  organization: caller.organization,
  actor: caller.actor,
  action,
  target: caller.actor,
  address: caller.address,
})

/**
 * Gives out a new secret, as text and as the address that the QR code holds. Nothing is asked at sign-in before `confirmApp`.
 * @throws {ApiError} INVALID_INPUT when the password is wrong; CHANGED_MEANWHILE when an app is set up already; TOO_MANY_REQUESTS
 */
export const startApp = async (
  deps: AccountsDeps,
  caller: Caller,
  password: string,
): Promise<{ secret: string; address: string }> => {
  await confirmPassword(deps, caller, password, 'password')
  if (await hasSecondStep(deps, caller.userId)) throw new ApiError('CHANGED_MEANWHILE')
  const secret = new Secret({ size: 20 }).base32
  const row = {
    secret: deps.cipher.encrypt(secret, secretAad(caller.userId)),
    confirmedAt: null,
    lastStep: 0,
    createdAt: deps.clock.now(),
  }
  await deps.db
    .insert(authenticators)
    .values({ userId: caller.userId, ...row })
    .onConflictDoUpdate({ target: authenticators.userId, set: row })
  const organization = await findOrganization(deps.organizations.db, caller.organization)
  return { secret, address: totpOf(secret, organization?.displayName || 'Veridoor', caller.name).toString() }
}

/**
 * A first code shows that the app has the secret; from now on sign-in asks for one. Other sessions end: they were opened without.
 * @returns the recovery codes, for this one time
 * @throws {ApiError} INVALID_INPUT when the code is wrong; CHANGED_MEANWHILE when an app is set up already; TOO_MANY_REQUESTS
 */
export const confirmApp = async (
  deps: AccountsDeps,
  caller: Caller,
  token: string,
  code: string,
): Promise<string[]> => {
  await enforceRateLimit(deps.db, `confirm-app:${caller.userId}`, { limit: 20, windowMs: 900_000 }, deps.clock.now())
  if (await hasSecondStep(deps, caller.userId)) throw new ApiError('CHANGED_MEANWHILE')
  if (!(await takeAppCode(deps, caller.userId, canonicalCode(code))))
    throw new ApiError('INVALID_INPUT', {
      fields: [{ path: 'code', message: 'This code is not right. Type the one that the app shows now.' }],
    })
  return deps.db.transaction(async (tx) => {
    await tx
      .update(authenticators)
      .set({ confirmedAt: deps.clock.now() })
      .where(eq(authenticators.userId, caller.userId))
    // The first code was typed in this session: it has two factors from now on.
    await tx
      .update(sessions)
      .set({ methods: 'pwd otp' })
      .where(and(eq(sessions.tokenDigest, digest(token)), eq(sessions.methods, 'pwd')))
    await endTrust(deps, tx, { id: caller.userId, ...caller }, 'second_step_changed', { keepSession: token })
    await deps.audit.append(tx, lineOf(caller, 'add-second-step'))
    return renewRecoveryCodes(deps, tx, caller.userId)
  })
}

/** @throws {ApiError} INVALID_INPUT when the password is wrong; TOO_MANY_REQUESTS */
export const removeApp = async (deps: AccountsDeps, caller: Caller, password: string): Promise<void> => {
  await confirmPassword(deps, caller, password, 'password')
  await deps.db.transaction(async (tx) => {
    await tx.delete(authenticators).where(eq(authenticators.userId, caller.userId))
    await forgetRecoveryCodes(tx, caller.userId)
    await deps.audit.append(tx, lineOf(caller, 'remove-second-step'))
  })
}

/**
 * The former codes open nothing any more.
 * @throws {ApiError} INVALID_INPUT when the password is wrong; CHANGED_MEANWHILE without an app; TOO_MANY_REQUESTS
 */
export const newRecoveryCodes = async (deps: AccountsDeps, caller: Caller, password: string): Promise<string[]> => {
  await confirmPassword(deps, caller, password, 'password')
  if (!(await hasSecondStep(deps, caller.userId))) throw new ApiError('CHANGED_MEANWHILE')
  return deps.db.transaction(async (tx) => {
    await deps.audit.append(tx, lineOf(caller, 'renew-recovery-codes'))
    return renewRecoveryCodes(deps, tx, caller.userId)
  })
}
