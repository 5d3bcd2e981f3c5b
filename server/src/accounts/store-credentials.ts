import type { Executor } from '@veridoor/foundation'
import { eq } from 'drizzle-orm'
import { authenticators, mailedCodes, passkeyChallenges, passkeys, recoveryCodes } from './schema.ts'

/** Codes that were sent by mail to a person open nothing any more. */
export const removeCodes = async (ex: Executor, userId: string): Promise<void> => {
  await ex.delete(mailedCodes).where(eq(mailedCodes.userId, userId))
}

/** A passkey that is being added is not taken any more. */
export const removeChallenges = async (ex: Executor, userId: string): Promise<void> => {
  await ex.delete(passkeyChallenges).where(eq(passkeyChallenges.userId, userId))
}

/** All passkeys of a person. */
export const removePasskeysOf = async (ex: Executor, userId: string): Promise<void> => {
  await ex.delete(passkeys).where(eq(passkeys.userId, userId))
}

/** The authenticator app and the recovery codes of a person. */
export const removeSecondStepRows = async (ex: Executor, userId: string): Promise<void> => {
  await ex.delete(authenticators).where(eq(authenticators.userId, userId))
  await ex.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))
}
