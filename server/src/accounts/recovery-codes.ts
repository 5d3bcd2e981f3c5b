import { randomInt } from 'node:crypto'
import { type Executor, keyedDigest } from '@veridoor/foundation'
import { and, count, eq } from 'drizzle-orm'
import type { AccountsDeps } from './deps.ts'
import { recoveryCodes } from './schema.ts'

const CODES = 10
// Ten of 28 letters, without look-alikes: 48 bits, and never 6 digits, so that they are told from an app's codes.
const ALPHABET = '23456789BCDFGHJKMNPQRSTVWXYZ'
const LENGTH = 10

const newCode = (): string => Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')

/** Keyed: 48 bits could be tried out from a dump of the table, were it a plain digest. */
const digestOf = (deps: AccountsDeps, userId: string, code: string): string =>
  keyedDigest(deps.cipher.derive('recovery-codes'), `${userId}:${code}`)

/** Replaces all codes. @returns the new ones, in clear for this one time: `7KQ2M-4BCDF` */
export const renewRecoveryCodes = async (deps: AccountsDeps, ex: Executor, userId: string): Promise<string[]> => {
  const codes = Array.from({ length: CODES }, newCode)
  await ex.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))
  await ex.insert(recoveryCodes).values(codes.map((code) => ({ userId, codeDigest: digestOf(deps, userId, code) })))
  return codes.map((code) => `${code.slice(0, 5)}-${code.slice(5)}`)
}

/** True once a code. @param code without spaces and dashes, in capitals */
export const takeRecoveryCode = async (deps: AccountsDeps, userId: string, code: string): Promise<boolean> => {
  const taken = await deps.db
    .delete(recoveryCodes)
    .where(and(eq(recoveryCodes.userId, userId), eq(recoveryCodes.codeDigest, digestOf(deps, userId, code))))
  return taken.rowCount === 1
}

/** How many are unused. */
export const countRecoveryCodes = async (deps: AccountsDeps, userId: string): Promise<number> => {
  const [row] = await deps.db.select({ n: count() }).from(recoveryCodes).where(eq(recoveryCodes.userId, userId))
  return row?.n ?? 0
}

export const forgetRecoveryCodes = async (ex: Executor, userId: string): Promise<void> => {
  await ex.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))
}
