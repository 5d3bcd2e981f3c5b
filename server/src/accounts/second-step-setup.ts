import { Refusal } from '@veridoor/contract'
import { eq } from 'drizzle-orm'
import { Secret } from 'otpauth'
import { limitRate } from '../organizations/index.ts'
import { confirmPassword } from './confirm-password.ts'
import type { Parts } from './parts.ts'
import { forgetRecoveryCodes, renewRecoveryCodes } from './recovery-codes.ts'
import { authenticators } from './schema.ts'
import { hasSecondStep, secretRow, takeAppCode, totpOf } from './second-step.ts'
import { endSessions } from './sessions.ts'
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
 * @throws {Refusal} INVALID_INPUT when the password is wrong; CHANGED_MEANWHILE when an app is set up already; TOO_MANY_REQUESTS
 */
export const startApp = async (
  parts: Parts,
  caller: Caller,
  password: string,
): Promise<{ secret: string; address: string }> => {
  await confirmPassword(parts, caller, password, 'password')
  if (await hasSecondStep(parts, caller.userId)) throw new Refusal('CHANGED_MEANWHILE')
  const secret = new Secret({ size: 20 }).base32
  const row = {
    secret: parts.box.seal(secret, secretRow(caller.userId)),
    confirmedAt: null,
    lastStep: 0,
    createdAt: parts.clock.now(),
  }
  await parts.db
    .insert(authenticators)
    .values({ userId: caller.userId, ...row })
    .onConflictDoUpdate({ target: authenticators.userId, set: row })
  const organization = await parts.organizations.findOrganization(caller.organization)
  return { secret, address: totpOf(secret, organization?.displayName || 'Veridoor', caller.name).toString() }
}

/**
 * A first code shows that the app has the secret; from now on sign-in asks for one. Other sessions end: they were opened without.
 * @returns the recovery codes, for this one time
 * @throws {Refusal} INVALID_INPUT when the code is wrong; CHANGED_MEANWHILE when an app is set up already; TOO_MANY_REQUESTS
 */
export const confirmApp = async (parts: Parts, caller: Caller, token: string, code: string): Promise<string[]> => {
  await limitRate(parts.db, `confirm-app:${caller.userId}`, { limit: 20, windowMs: 900_000 }, parts.clock.now())
  if (await hasSecondStep(parts, caller.userId)) throw new Refusal('CHANGED_MEANWHILE')
  if (!(await takeAppCode(parts, caller.userId, code.replaceAll(' ', ''))))
    throw new Refusal('INVALID_INPUT', {
      fields: [{ path: 'code', message: 'This code is not right. Type the one that the app shows now.' }],
    })
  return parts.db.transaction(async (tx) => {
    await tx
      .update(authenticators)
      .set({ confirmedAt: parts.clock.now() })
      .where(eq(authenticators.userId, caller.userId))
    await endSessions(tx, caller.userId, token)
    await parts.audit.append(tx, lineOf(caller, 'add-second-step'))
    return renewRecoveryCodes(parts, tx, caller.userId)
  })
}

/** @throws {Refusal} INVALID_INPUT when the password is wrong; TOO_MANY_REQUESTS */
export const removeApp = async (parts: Parts, caller: Caller, password: string): Promise<void> => {
  await confirmPassword(parts, caller, password, 'password')
  await parts.db.transaction(async (tx) => {
    await tx.delete(authenticators).where(eq(authenticators.userId, caller.userId))
    await forgetRecoveryCodes(tx, caller.userId)
    await parts.audit.append(tx, lineOf(caller, 'remove-second-step'))
  })
}

/**
 * The former codes open nothing any more.
 * @throws {Refusal} INVALID_INPUT when the password is wrong; CHANGED_MEANWHILE without an app; TOO_MANY_REQUESTS
 */
export const newRecoveryCodes = async (parts: Parts, caller: Caller, password: string): Promise<string[]> => {
  await confirmPassword(parts, caller, password, 'password')
  if (!(await hasSecondStep(parts, caller.userId))) throw new Refusal('CHANGED_MEANWHILE')
  return parts.db.transaction(async (tx) => {
    await parts.audit.append(tx, lineOf(caller, 'renew-recovery-codes'))
    return renewRecoveryCodes(parts, tx, caller.userId)
  })
}
