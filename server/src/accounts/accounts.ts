import { randomUUID } from 'node:crypto'
import { maskNumber, Refusal } from '@veridoor/contract'
import {
  type Clock,
  type Database,
  digest,
  type Executor,
  isUniqueViolation,
  newToken,
  type SecretBox,
  type Transaction,
} from '@veridoor/foundation'
import { and, asc, count, eq, gt, ilike, lt, ne, or, sql } from 'drizzle-orm'
import type { Audit } from '../audit/index.ts'
import { type Actor, forgetRates, forgiveRate, limitRate, type Organizations } from '../organizations/index.ts'
import { assertEditable, changesAnything, type IdentityChange } from './lock.ts'
import { checkPassword, hashPassword } from './passwords.ts'
import { sessions, users } from './schema.ts'
import {
  BUILT_IN,
  type Caller,
  findBySignInName,
  findRow,
  numberRow,
  toUser,
  type User,
  type UserRow,
} from './users.ts'

/** Refuses a change of identity fields for a reason that another room knows (a check is open). */
export type Guard = (tx: Transaction, userId: string) => Promise<void>

export type AccountsParts = {
  db: Database
  box: SecretBox
  clock: Clock
  audit: Audit
  organizations: Organizations
  guards: Guard[]
}
export type Accounts = ReturnType<typeof createAccounts>

/** A session ends after 30 days without use, and after 90 days in any case. */
const IDLE_DAYS = 30
export const SESSION_DAYS = 90
const DAY_MS = 86_400_000
/** Per account and address, so that a stranger cannot lock the owner out from elsewhere; and per address over all accounts. */
const signInRules = { account: { limit: 8, windowMs: 900_000 }, address: { limit: 60, windowMs: 900_000 } }

const callerOf = (row: UserRow, application: string, address: string): Caller => ({
  userId: row.id,
  organization: row.organization,
  name: row.name,
  isAdmin: row.isAdmin,
  isGlobalAdmin: row.isAdmin && row.organization === BUILT_IN,
  application,
  address,
  actor: `${row.organization}/${row.name}`,
})

/** Persons, credentials, sessions, profile fields and the lock on them. */
export const createAccounts = (parts: AccountsParts) => {
  const { db, box, clock, audit, organizations } = parts

  const taken = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      const fields = isUniqueViolation(error, 'users_organization_email')
        ? [{ path: 'email', message: 'This email is taken.' }]
        : isUniqueViolation(error, 'users_organization_name')
          ? [{ path: 'name', message: 'This name is taken.' }]
          : undefined
      if (fields) throw new Refusal('CONFLICT', { fields, cause: error })
      throw error
    }
  }

  const openSession = async (
    row: UserRow,
    application: string,
    from: { address: string; userAgent: string },
  ): Promise<string> => {
    const token = newToken()
    const at = clock.now()
    await db.insert(sessions).values({
      tokenDigest: digest(token),
      userId: row.id,
      application,
      createdAt: at,
      lastSeenAt: at,
      expiresAt: new Date(at.getTime() + IDLE_DAYS * DAY_MS),
      address: from.address,
      userAgent: from.userAgent.slice(0, 300),
    })
    return token
  }

  const insertUser = async (
    tx: Transaction,
    input: {
      organization: string
      name: string
      displayName: string
      email: string
      password?: string
      application: string
      isAdmin?: boolean
      mustChangePassword?: boolean
    },
  ): Promise<UserRow> => {
    // A name that looks like an e-mail address could stand in the way of its owner at sign-in.
    if (input.name.includes('@'))
      throw new Refusal('INVALID_INPUT', { fields: [{ path: 'name', message: 'A name has no @.' }] })
    const at = clock.now()
    const [row] = await tx
      .insert(users)
      .values({
        id: randomUUID(),
        organization: input.organization,
        name: input.name,
        displayName: input.displayName,
        email: input.email,
        passwordHash: input.password ? await hashPassword(input.password) : '',
        mustChangePassword: input.mustChangePassword ?? false,
        isAdmin: input.isAdmin ?? false,
        application: input.application,
        createdAt: at,
        updatedAt: at,
      })
      .returning()
    if (!row) throw new Error('insert gave no row')
    return row
  }

  /** Holds the row for the rest of the transaction. */
  const holdRow = async (tx: Transaction, id: string): Promise<UserRow> => {
    const [row] = await tx.select().from(users).where(eq(users.id, id)).for('update')
    if (!row) throw new Refusal('NOT_FOUND')
    return row
  }

  const writeIdentity = async (tx: Transaction, held: UserRow, change: IdentityChange): Promise<void> => {
    const user = toUser(box, held)
    assertEditable(user, change)
    if (!changesAnything(user, change)) return
    for (const guard of parts.guards) await guard(tx, held.id)
    await tx
      .update(users)
      .set({
        ...(change.idCardType === undefined ? {} : { idCardType: change.idCardType }),
        ...(change.realName === undefined ? {} : { realName: change.realName }),
        ...(change.idCardCountry === undefined ? {} : { idCardCountry: change.idCardCountry }),
        ...(change.idCard === undefined
          ? {}
          : {
              idCard: change.idCard === '' ? '' : box.seal(change.idCard, numberRow(held.id)),
              idCardMasked: maskNumber(change.idCard),
            }),
        updatedAt: clock.now(),
        version: sql`${users.version} + 1`,
      })
      .where(eq(users.id, held.id))
  }

  const changedNames = (change: IdentityChange): string[] =>
    Object.keys(change).filter((key) => change[key as keyof IdentityChange] !== undefined)

  return {
    async findUser(organization: string, name: string, ex: Executor = db): Promise<User | undefined> {
      const row = await findRow(ex, organization, name)
      return row && toUser(box, row)
    },

    async findUserById(id: string, ex: Executor = db): Promise<User | undefined> {
      const [row] = await ex.select().from(users).where(eq(users.id, id))
      return row && toUser(box, row)
    },

    async listUsers(filter: {
      organization?: string | undefined
      search?: string | undefined
      after?: string | undefined
      limit: number
    }) {
      const pattern = filter.search ? `%${filter.search.replace(/[\\%_]/g, '\\$&')}%` : undefined
      const wanted = and(
        filter.organization === undefined ? undefined : eq(users.organization, filter.organization),
        pattern
          ? or(ilike(users.name, pattern), ilike(users.email, pattern), ilike(users.displayName, pattern))
          : undefined,
      )
      const [sum] = await db.select({ total: count() }).from(users).where(wanted)
      const rows = await db
        .select()
        .from(users)
        .where(
          and(wanted, filter.after ? gt(sql`${users.organization} || '/' || ${users.name}`, filter.after) : undefined),
        )
        .orderBy(asc(sql`${users.organization} || '/' || ${users.name}`))
        .limit(filter.limit)
      return { users: rows.map((row) => toUser(box, row)), total: sum?.total ?? 0 }
    },

    countUsers: async (organization: string): Promise<number> => {
      const [sum] = await db.select({ total: count() }).from(users).where(eq(users.organization, organization))
      return sum?.total ?? 0
    },

    /**
     * Password sign-in by name or e-mail. The same answer, after the same time, for an unknown name and a wrong password.
     * Only failures use up the limit. `globalAdminsOnly` lets nobody else in at this door.
     *
     * @throws {Refusal} SIGN_IN_REFUSED, TOO_MANY_REQUESTS, START_REFUSED with account_suspended
     */
    async signIn(input: {
      application: string
      organization: string
      username: string
      password: string
      address: string
      userAgent: string
      globalAdminsOnly?: boolean
    }) {
      const at = clock.now()
      const account = `sign-in:${input.organization}/${input.username.toLowerCase()}@${input.address}`
      await limitRate(db, `sign-in:${input.address}`, signInRules.address, at)
      await limitRate(db, account, signInRules.account, at)
      const row = await findBySignInName(db, input.organization, input.username)
      const fits = await checkPassword(row?.passwordHash, input.password)
      const mayEnter = !input.globalAdminsOnly || (row?.isAdmin === true && row.organization === BUILT_IN)
      if (!row || !fits || !mayEnter) {
        if (row && mayEnter)
          await db.transaction((tx) =>
            audit.append(tx, {
              organization: row.organization,
              actor: `${row.organization}/${row.name}`,
              action: 'sign-in',
              target: `${row.organization}/${row.name}`,
              result: 'refused',
              reasons: ['wrong password'],
              address: input.address,
            }),
          )
        throw new Refusal('SIGN_IN_REFUSED')
      }
      if (row.isForbidden) throw new Refusal('FORBIDDEN', { reason: 'account_suspended' })
      await forgiveRate(db, [`sign-in:${input.address}`, account])
      const token = await openSession(row, input.application, input)
      await db.transaction(async (tx) => {
        await tx.update(users).set({ lastSignInAt: at }).where(eq(users.id, row.id))
        await audit.append(tx, {
          organization: row.organization,
          actor: `${row.organization}/${row.name}`,
          action: 'sign-in',
          target: `${row.organization}/${row.name}`,
          address: input.address,
        })
      })
      return { token, caller: callerOf(row, input.application, input.address) }
    },

    /** @throws {Refusal} CONFLICT when name or e-mail is taken in the organization */
    async signUp(input: {
      application: string
      organization: string
      username: string
      displayName: string
      email: string
      password: string
      address: string
      userAgent: string
    }) {
      await limitRate(db, `sign-up:${input.address}`, { limit: 20, windowMs: 3_600_000 }, clock.now())
      const row = await taken(() =>
        db.transaction(async (tx) => {
          const made = await insertUser(tx, { ...input, name: input.username })
          await audit.append(tx, {
            organization: input.organization,
            actor: `${input.organization}/${input.username}`,
            action: 'signup',
            target: `${input.organization}/${input.username}`,
            address: input.address,
          })
          return made
        }),
      )
      await db.update(users).set({ lastSignInAt: clock.now() }).where(eq(users.id, row.id))
      const token = await openSession(row, input.application, input)
      return { token, caller: callerOf(row, input.application, input.address) }
    },

    /** Who holds this session, or undefined. Slides its end at most once an hour. */
    async callerOf(token: string, address: string): Promise<Caller | undefined> {
      const at = clock.now()
      const [found] = await db
        .select({ session: sessions, user: users })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(and(eq(sessions.tokenDigest, digest(token)), gt(sessions.expiresAt, at)))
      if (!found || found.user.isForbidden) return undefined
      if (at.getTime() - found.session.lastSeenAt.getTime() > 3_600_000)
        await db
          .update(sessions)
          .set({
            lastSeenAt: at,
            expiresAt: new Date(
              Math.min(at.getTime() + IDLE_DAYS * DAY_MS, found.session.createdAt.getTime() + SESSION_DAYS * DAY_MS),
            ),
          })
          .where(eq(sessions.tokenDigest, digest(token)))
      return callerOf(found.user, found.session.application, address)
    },

    async signOut(token: string): Promise<void> {
      await db.delete(sessions).where(eq(sessions.tokenDigest, digest(token)))
    },

    sweepSessions: async (): Promise<void> => {
      await db.delete(sessions).where(lt(sessions.expiresAt, clock.now()))
      await forgetRates(db, clock.now())
    },

    async saveProfile(caller: Caller, input: { displayName: string; email: string }): Promise<void> {
      await taken(() =>
        db.transaction(async (tx) => {
          const held = await holdRow(tx, caller.userId)
          await tx
            .update(users)
            .set({ ...input, updatedAt: clock.now(), version: sql`${users.version} + 1` })
            .where(eq(users.id, held.id))
          await audit.append(tx, {
            organization: caller.organization,
            actor: caller.actor,
            action: 'update-user',
            target: caller.actor,
            reasons: ['profile'],
            address: caller.address,
          })
        }),
      )
    },

    /** @throws {Refusal} FIELD_REFUSED with field_sealed or field_fixed_while_open */
    async saveIdentity(actor: Actor, userId: string, change: IdentityChange): Promise<void> {
      const [before] = await db.select().from(users).where(eq(users.id, userId))
      if (!before) throw new Refusal('NOT_FOUND')
      assertEditable(toUser(box, before), change)
      await db.transaction(async (tx) => {
        const held = await holdRow(tx, userId)
        await writeIdentity(tx, held, change)
        await audit.append(tx, {
          organization: held.organization,
          actor: actor.name,
          action: 'update-user',
          target: `${held.organization}/${held.name}`,
          reasons: changedNames(change),
          address: actor.address,
        })
      })
    },

    /** The person's own number, in full; recorded. */
    async revealNumber(caller: Caller): Promise<string> {
      return db.transaction(async (tx) => {
        const held = await holdRow(tx, caller.userId)
        await audit.append(tx, {
          organization: caller.organization,
          actor: caller.actor,
          action: 'reveal-number',
          target: caller.actor,
          address: caller.address,
        })
        return toUser(box, held).identity.idCard
      })
    },

    /** Ends every other session. @throws {Refusal} INVALID_INPUT when the current password is wrong */
    async changePassword(caller: Caller, token: string, current: string, next: string): Promise<void> {
      await limitRate(db, `password:${caller.userId}`, signInRules.account, clock.now())
      const [row] = await db.select().from(users).where(eq(users.id, caller.userId))
      if (!(await checkPassword(row?.passwordHash, current)))
        throw new Refusal('INVALID_INPUT', {
          fields: [{ path: 'current', message: 'This is not your current password.' }],
        })
      const passwordHash = await hashPassword(next)
      await db.transaction(async (tx) => {
        await tx
          .update(users)
          .set({ passwordHash, mustChangePassword: false, updatedAt: clock.now() })
          .where(eq(users.id, caller.userId))
        await tx
          .delete(sessions)
          .where(and(eq(sessions.userId, caller.userId), ne(sessions.tokenDigest, digest(token))))
        await audit.append(tx, {
          organization: caller.organization,
          actor: caller.actor,
          action: 'set-password',
          target: caller.actor,
          address: caller.address,
        })
      })
    },

    /** By an operator with access to the machine. Ends all sessions of the person. */
    async resetPassword(organization: string, name: string, next: string): Promise<void> {
      const passwordHash = await hashPassword(next)
      await db.transaction(async (tx) => {
        const row = await findRow(tx, organization, name)
        if (!row) throw new Refusal('NOT_FOUND')
        await tx
          .update(users)
          .set({ passwordHash, mustChangePassword: true, updatedAt: clock.now() })
          .where(eq(users.id, row.id))
        await tx.delete(sessions).where(eq(sessions.userId, row.id))
        await audit.append(tx, {
          organization,
          actor: 'operator',
          action: 'reset-password',
          target: `${organization}/${name}`,
        })
      })
    },

    async createUser(
      actor: Actor,
      organization: string,
      name: string,
      input: {
        displayName: string
        email: string
        isAdmin: boolean
        isForbidden: boolean
        application: string
        password?: string | undefined
        identity?: IdentityChange | undefined
      },
    ): Promise<void> {
      if (!(await organizations.findOrganization(organization))) throw new Refusal('NOT_FOUND')
      await taken(() =>
        db.transaction(async (tx) => {
          const row = await insertUser(tx, {
            organization,
            name,
            displayName: input.displayName,
            email: input.email,
            application: input.application,
            isAdmin: input.isAdmin,
            mustChangePassword: input.password !== undefined,
            ...(input.password === undefined ? {} : { password: input.password }),
          })
          if (input.isForbidden) await tx.update(users).set({ isForbidden: true }).where(eq(users.id, row.id))
          if (input.identity) await writeIdentity(tx, row, input.identity)
          await audit.append(tx, {
            organization,
            actor: actor.name,
            action: 'add-user',
            target: `${organization}/${name}`,
            address: actor.address,
          })
        }),
      )
    },

    /** An administrator's update; identity fields pass the same lock as the person's own. */
    async updateUser(
      actor: Actor,
      organization: string,
      name: string,
      input: {
        displayName: string
        email: string
        isAdmin: boolean
        isForbidden: boolean
        application: string
        identity?: IdentityChange | undefined
      },
      version?: number,
    ): Promise<void> {
      const before = await findRow(db, organization, name)
      if (!before) throw new Refusal('NOT_FOUND')
      if (input.identity) assertEditable(toUser(box, before), input.identity)
      await taken(() =>
        db.transaction(async (tx) => {
          const held = await holdRow(tx, before.id)
          if (version !== undefined && held.version !== version) throw new Refusal('CHANGED_MEANWHILE')
          // The installation must keep somebody who can repair it.
          if (organization === BUILT_IN && held.isAdmin && (!input.isAdmin || input.isForbidden)) {
            const [others] = await tx
              .select({ total: count() })
              .from(users)
              .where(
                and(
                  eq(users.organization, BUILT_IN),
                  eq(users.isAdmin, true),
                  eq(users.isForbidden, false),
                  ne(users.id, held.id),
                ),
              )
            if ((others?.total ?? 0) === 0)
              throw new Refusal('INVALID_INPUT', {
                fields: [{ path: 'isAdmin', message: 'This is the last administrator.' }],
              })
          }
          const { identity, ...fields } = input
          await tx
            .update(users)
            .set({ ...fields, updatedAt: clock.now(), version: sql`${users.version} + 1` })
            .where(eq(users.id, held.id))
          if (identity) await writeIdentity(tx, held, identity)
          if (input.isForbidden) await tx.delete(sessions).where(eq(sessions.userId, held.id))
          await audit.append(tx, {
            organization,
            actor: actor.name,
            action: 'update-user',
            target: `${organization}/${name}`,
            reasons: ['profile', ...(identity ? changedNames(identity) : [])],
            address: actor.address,
          })
        }),
      )
    },

    /** Erases the account and all that belongs to it. Audit lines stay, without the person's data. */
    async eraseUser(actor: Actor, organization: string, name: string): Promise<void> {
      await db.transaction(async (tx) => {
        const row = await findRow(tx, organization, name)
        if (!row) throw new Refusal('NOT_FOUND')
        if (organization === BUILT_IN && row.isAdmin) {
          const [others] = await tx
            .select({ total: count() })
            .from(users)
            .where(and(eq(users.organization, BUILT_IN), eq(users.isAdmin, true), ne(users.id, row.id)))
          if ((others?.total ?? 0) === 0) throw new Refusal('IN_USE')
        }
        await tx.delete(users).where(eq(users.id, row.id))
        await audit.append(tx, {
          organization,
          actor: actor.name,
          action: 'delete-user',
          target: `${organization}/${name}`,
          address: actor.address,
        })
      })
    },

    /**
     * Writes the verified values and seals them for good. The database lets it pass only where a verification of this very
     * account ended verified in the same transaction or before.
     */
    async sealIdentity(
      tx: Transaction,
      seal: {
        userId: string
        verificationId: string
        identity: IdentityChange & { idCard: string }
        isDemonstration: boolean
        verifiedBy: string
        documentFingerprint: string
      },
    ): Promise<void> {
      const held = await holdRow(tx, seal.userId)
      if (held.verifiedAt)
        throw new Refusal('FIELD_REFUSED', {
          reason: 'field_sealed',
          values: { date: held.verifiedAt.toISOString().slice(0, 10) },
        })
      const at = clock.now()
      await tx
        .update(users)
        .set({
          idCardType: seal.identity.idCardType ?? held.idCardType,
          idCard: box.seal(seal.identity.idCard, numberRow(held.id)),
          idCardMasked: maskNumber(seal.identity.idCard),
          realName: seal.identity.realName ?? held.realName,
          idCardCountry: seal.identity.idCardCountry ?? held.idCardCountry,
          verifiedAt: at,
          sealedBy: seal.verificationId,
          verifiedBy: seal.verifiedBy,
          isDemonstration: seal.isDemonstration,
          documentFingerprint: seal.documentFingerprint,
          updatedAt: at,
          version: sql`${users.version} + 1`,
        })
        .where(eq(users.id, held.id))
    },

    /** Whether another verified account of the organization has this document. */
    async isDocumentKnown(
      tx: Transaction,
      organization: string,
      fingerprint: string,
      exceptUserId: string,
    ): Promise<boolean> {
      const [other] = await tx
        .select({ id: users.id })
        .from(users)
        .where(
          and(
            eq(users.organization, organization),
            eq(users.documentFingerprint, fingerprint),
            ne(users.id, exceptUserId),
          ),
        )
        .limit(1)
      return other !== undefined
    },

    /** The first administrator, at the first start. Does nothing where there is one. */
    async seedAdmin(password: string): Promise<boolean> {
      return db.transaction(async (tx) => {
        if (await findRow(tx, BUILT_IN, 'admin')) return false
        await insertUser(tx, {
          organization: BUILT_IN,
          name: 'admin',
          displayName: 'Administrator',
          email: '',
          password,
          application: 'app-built-in',
          isAdmin: true,
        })
        await audit.append(tx, {
          organization: BUILT_IN,
          actor: 'system',
          action: 'add-user',
          target: `${BUILT_IN}/admin`,
        })
        return true
      })
    },
  }
}
