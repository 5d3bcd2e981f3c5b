import { ApiError, DisplayName, Email, LineOfText, readExtra, readField } from '@veridoor/contract'
import { eq, sql } from 'drizzle-orm'
import { type Actor, findOrganization } from '../organizations/index.ts'
import { followEmailChange } from './confirm-email.ts'
import type { AccountsDeps } from './deps.ts'
import { endTrust } from './end-trust.ts'
import { assertEditable, type IdentityChange } from './lock.ts'
import { hashPassword } from './passwords.ts'
import { canonicalChange, changedNames, writeIdentity } from './save-identity.ts'
import { users } from './schema.ts'
import { asConflict, eraseRow, findRow, hasOtherAdministrator, insertUser, lockRow } from './store.ts'
import { BUILT_IN, toUser } from './users.ts'

/**
 * What an administrator sets of an account. Of `identity` only the fields that are given change; what may not be left out is
 * replaced.
 */
export type UserInput = {
  readonly displayName: string
  readonly email: string
  readonly isAdmin: boolean
  readonly isForbidden: boolean
  readonly application: string
  readonly identity?: IdentityChange | undefined
  /** Replaces the keys that are kept for other clients; left out, they stay. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined
}

/**
 * A password that is given has to be changed at the first sign-in: somebody else knows it.
 * @throws {ApiError} NOT_FOUND for an unknown organization; CONFLICT when name or e-mail is taken; INVALID_INPUT for a text
 *   that its field does not take
 */
export const createUser = async (
  deps: AccountsDeps,
  actor: Actor,
  organization: string,
  name: string,
  input: UserInput & { readonly password?: string | undefined },
): Promise<void> => {
  if (!(await findOrganization(deps.organizations.db, organization))) throw new ApiError('NOT_FOUND')
  const { password, identity, isForbidden, extra, ...fields } = input
  const passwordHash = password === undefined ? undefined : await hashPassword(deps, password)
  await asConflict(() =>
    deps.db.transaction(async (tx) => {
      const row = await insertUser(
        tx,
        {
          ...fields,
          organization,
          name,
          mustChangePassword: password !== undefined,
          ...(passwordHash === undefined ? {} : { passwordHash }),
        },
        deps.clock.now(),
      )
      if (isForbidden || extra)
        await tx
          .update(users)
          .set({ isForbidden, ...(extra ? { extra: readExtra(extra) } : {}) })
          .where(eq(users.id, row.id))
      if (identity) await writeIdentity(deps, tx, row, identity)
      await deps.audit.append(tx, {
        organization,
        actor: actor.name,
        action: 'add-user',
        target: `${organization}/${row.name}`,
        address: actor.address,
      })
    }),
  )
}

/**
 * An administrator's update; identity fields pass the same lock as the person's own.
 * @param version the version that was read; another one means someone changed it meanwhile
 * @throws {ApiError} FIELD_REFUSED, CHANGED_MEANWHILE, CONFLICT, NOT_FOUND; INVALID_INPUT for the last administrator
 */
export const updateUser = async (
  deps: AccountsDeps,
  actor: Actor,
  organization: string,
  name: string,
  input: UserInput,
  version?: number,
): Promise<void> => {
  const before = await findRow(deps.db, organization, name)
  if (!before) throw new ApiError('NOT_FOUND')
  const user = toUser(deps.cipher, before)
  if (input.identity) assertEditable(user, canonicalChange(user, input.identity))
  const displayName = readField('displayName', DisplayName, input.displayName, before.displayName)
  const email = readField('email', Email, input.email, before.email)
  const application = readField('application', LineOfText(100), input.application, before.application)
  await asConflict(() =>
    deps.db.transaction(async (tx) => {
      const leaves = organization === BUILT_IN && (!input.isAdmin || input.isForbidden)
      // The installation must keep somebody who can repair it. All administrators are held before this one's row is.
      const isLast = leaves && before.isAdmin && !(await hasOtherAdministrator(tx, before.id))
      const held = await lockRow(tx, before.id)
      if (version !== undefined && held.version !== version) throw new ApiError('CHANGED_MEANWHILE')
      if (isLast && held.isAdmin)
        throw new ApiError('INVALID_INPUT', {
          fields: [{ path: 'isAdmin', message: 'This is the last administrator.' }],
        })
      const confirmation = await followEmailChange(deps, tx, held, email, { by: 'administrator' })
      await tx
        .update(users)
        .set({
          displayName,
          email,
          ...confirmation,
          isAdmin: input.isAdmin,
          isForbidden: input.isForbidden,
          application,
          ...(input.extra ? { extra: readExtra(input.extra) } : {}),
          updatedAt: deps.clock.now(),
          version: sql`${users.version} + 1`,
        })
        .where(eq(users.id, held.id))
      if (input.identity) await writeIdentity(deps, tx, held, input.identity)
      if (input.isForbidden && !held.isForbidden) await endTrust(deps, tx, held, 'suspended')
      if (held.isAdmin && !input.isAdmin) await endTrust(deps, tx, held, 'demoted')
      await deps.audit.append(tx, {
        organization,
        actor: actor.name,
        action: 'update-user',
        target: `${organization}/${held.name}`,
        reasons: ['profile', ...(input.identity ? changedNames(input.identity) : [])],
        address: actor.address,
      })
    }),
  )
}

/**
 * Erases the account and all that belongs to it, at providers too. Audit lines stay, without the person's data.
 * @throws {ApiError} NOT_FOUND; IN_USE for the last administrator of the installation
 */
export const eraseUser = (deps: AccountsDeps, actor: Actor, organization: string, name: string): Promise<void> =>
  deps.db.transaction(async (tx) => {
    const row = await findRow(tx, organization, name)
    if (!row) throw new ApiError('NOT_FOUND')
    if (organization === BUILT_IN && row.isAdmin && !(await hasOtherAdministrator(tx, row.id)))
      throw new ApiError('IN_USE')
    for (const hook of deps.onUserDeleted) await hook(tx, row.id)
    await endTrust(deps, tx, row, 'erased')
    await eraseRow(tx, row.id)
    await deps.mail.forget(tx, row.id)
    await deps.audit.append(tx, {
      organization,
      actor: actor.name,
      action: 'delete-user',
      target: `${organization}/${row.name}`,
      address: actor.address,
    })
  })
