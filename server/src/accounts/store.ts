import { randomUUID } from 'node:crypto'
import {
  ApiError,
  canonicalEmail,
  canonicalSignInName,
  DisplayName,
  Email,
  LineOfText,
  NewUserName,
  readField,
} from '@veridoor/contract'
import { type Executor, isUniqueViolation, isUuid, type Transaction } from '@veridoor/foundation'
import { and, asc, count, eq, inArray, isNotNull, isNull, lt, ne, sql } from 'drizzle-orm'
import { users } from './schema.ts'
import { BUILT_IN, type UserRow } from './users.ts'

/**
 * The account of this name, in whatever form it is written (RFC 8265). An account that was made before names had one form is found by
 * its very name, which comes first.
 */
export const findRow = async (ex: Executor, organization: string, name: string): Promise<UserRow | undefined> => {
  const rows = await ex
    .select()
    .from(users)
    .where(and(eq(users.organization, organization), inArray(users.name, [name, canonicalSignInName(name)])))
    .limit(2)
  return rows.find((row) => row.name === name) ?? rows[0]
}

/** The account of this id; undefined for a text that is not an id. */
export const findRowById = async (ex: Executor, id: string): Promise<UserRow | undefined> => {
  if (!isUuid(id)) return undefined
  const [row] = await ex.select().from(users).where(eq(users.id, id))
  return row
}

/** By name or e-mail; never by document number. */
export const findBySignInName = async (
  ex: Executor,
  organization: string,
  text: string,
): Promise<UserRow | undefined> => {
  const byName = await findRow(ex, organization, text)
  if (byName || !text.includes('@')) return byName
  return findByEmail(ex, organization, text)
}

/**
 * The account of this address: the one that confirmed it or was given it by an administrator, else the one that claimed it first.
 * Several may claim an address that none of them has confirmed.
 */
const findByEmail = async (ex: Executor, organization: string, email: string): Promise<UserRow | undefined> => {
  const [row] = await ex
    .select()
    .from(users)
    .where(
      and(
        eq(users.organization, organization),
        sql`lower(${users.email}) in (lower(${email}), lower(${canonicalEmail(email)}))`,
        ne(users.email, ''),
      ),
    )
    .orderBy(sql`${users.emailClaimedAt} nulls first`, asc(users.createdAt))
    .limit(1)
  return row
}

/** The account, besides this one, that an address belongs to: claims do not count. */
export const findEmailOwner = async (
  ex: Executor,
  organization: string,
  email: string,
  exceptUserId: string,
): Promise<UserRow | undefined> => {
  const [row] = await ex
    .select()
    .from(users)
    .where(
      and(
        eq(users.organization, organization),
        sql`lower(${users.email}) = lower(${email})`,
        ne(users.email, ''),
        isNull(users.emailClaimedAt),
        ne(users.id, exceptUserId),
      ),
    )
  return row
}

/** Addresses that were claimed before `oldest` and never confirmed are taken off their accounts. */
export const dropClaimedEmails = async (ex: Executor, oldest: Date): Promise<void> => {
  await ex
    .update(users)
    .set({ email: '', emailClaimedAt: null, version: sql`${users.version} + 1` })
    .where(and(isNotNull(users.emailClaimedAt), lt(users.emailClaimedAt, oldest)))
}

/** Holds the row for the rest of the transaction. @throws {ApiError} NOT_FOUND */
export const lockRow = async (tx: Transaction, id: string): Promise<UserRow> => {
  const [row] = await tx.select().from(users).where(eq(users.id, id)).for('update')
  if (!row) throw new ApiError('NOT_FOUND')
  return row
}

/** A new account. Left out: no password, so that nobody signs in to it; no administrator; no change of the password asked for. */
export type NewUser = {
  readonly organization: string
  readonly name: string
  readonly displayName: string
  readonly email: string
  /** From `hashPassword`. */
  readonly passwordHash?: string
  /** The person gave the address themself and has not confirmed it yet. */
  readonly isEmailClaimed?: boolean
  readonly application: string
  readonly isAdmin?: boolean
  readonly mustChangePassword?: boolean
}

/**
 * Writes the account and nothing else: no audit line, no email. A name or e-mail that is taken is left to `asConflict`. The name is
 * kept in its one form. @throws {ApiError} INVALID_INPUT for what cannot be a name or an address
 */
export const insertUser = async (tx: Transaction, input: NewUser, at: Date): Promise<UserRow> => {
  const name = readField('name', NewUserName, input.name)
  const [row] = await tx
    .insert(users)
    .values({
      id: randomUUID(),
      organization: input.organization,
      name,
      displayName: readField('displayName', DisplayName, input.displayName),
      email: readField('email', Email, input.email),
      emailClaimedAt: input.isEmailClaimed && input.email !== '' ? at : null,
      passwordHash: input.passwordHash ?? '',
      mustChangePassword: input.mustChangePassword ?? false,
      isAdmin: input.isAdmin ?? false,
      application: readField('application', LineOfText(100), input.application),
      createdAt: at,
      updatedAt: at,
    })
    .returning()
  if (!row) throw new Error('insert gave no row')
  return row
}

/** Turns the database's refusal of a second name or e-mail into ours. @throws {ApiError} CONFLICT naming the field */
export const asConflict = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    const fields = isUniqueViolation(error, 'users_organization_email')
      ? [{ path: 'email', message: 'This email is taken.' }]
      : isUniqueViolation(error, 'users_organization_name')
        ? [{ path: 'name', message: 'This name is taken.' }]
        : undefined
    if (fields) throw new ApiError('CONFLICT', { fields, cause: error })
    throw error
  }
}

/**
 * Whether the installation would still have an administrator without this one. Holds all of them, in one order, so that two
 * who leave at once cannot both be told yes.
 */
export const hasOtherAdministrator = async (tx: Transaction, exceptId: string): Promise<boolean> => {
  const rows = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.organization, BUILT_IN), eq(users.isAdmin, true), eq(users.isForbidden, false)))
    .orderBy(users.id)
    .for('update')
  return rows.some((row) => row.id !== exceptId)
}

/** All accounts of an organization, suspended ones with them. */
export const countUsers = async (ex: Executor, organization: string): Promise<number> => {
  const [sum] = await ex.select({ total: count() }).from(users).where(eq(users.organization, organization))
  return sum?.total ?? 0
}

/** Whether another verified account of the organization has this document, by any of its fingerprints. */
export const isDocumentKnown = async (
  tx: Transaction,
  organization: string,
  fingerprints: readonly string[],
  exceptUserId: string,
): Promise<boolean> => {
  const [other] = await tx
    .select({ id: users.id })
    .from(users)
    .where(
      and(
        eq(users.organization, organization),
        inArray(users.documentFingerprint, [...fingerprints]),
        ne(users.id, exceptUserId),
      ),
    )
    .limit(1)
  return other !== undefined
}

/** Deletes an account through the owner's function, which leaves a tombstone: the serving login cannot delete accounts itself. */
export const eraseRow = async (tx: Transaction, id: string): Promise<void> => {
  await tx.execute(sql`select veridoor.erase_user(${id}::uuid)`)
}
