import { randomUUID } from 'node:crypto'
import { Refusal } from '@veridoor/contract'
import { type Database, type Executor, isUniqueViolation, newToken, type Transaction } from '@veridoor/foundation'
import { and, asc, count, eq, inArray, sql } from 'drizzle-orm'
import type { Audit } from '../audit/index.ts'
import { recordFault, recordSuccess, returnQuota, takeQuota, usedIn } from './health.ts'
import {
  checkConfig,
  findProvider,
  maskedConfig,
  openRow,
  openWith,
  type Parts,
  splitConfig,
  typeOf,
} from './provider-rows.ts'
import { applicationProviders, applications, organizations, providers } from './schema.ts'

/** Who changes something, for the audit line. */
export type Actor = { readonly name: string; readonly address: string }

/** The owner name of providers that every organization may use. */
export const SHARED_OWNER = 'admin'

export type OrganizationsParts = Parts & { db: Database; audit: Audit }
export type Organizations = ReturnType<typeof createOrganizations>

type ApplicationInput = {
  displayName: string
  logo: string
  homepageUrl: string
  redirectUris: string[]
  enableSignUp: boolean
  enablePassword: boolean
  providers: { organization: string; name: string }[]
}

/** Tenants, their applications and providers, and which provider each application may use. */
export const createOrganizations = (parts: OrganizationsParts) => {
  const { db, audit, clock } = parts

  const findOrganization = async (name: string, ex: Executor = db) => {
    const [row] = await ex.select().from(organizations).where(eq(organizations.name, name))
    return row
  }
  const findApplication = async (name: string, ex: Executor = db) => {
    const [row] = await ex.select().from(applications).where(eq(applications.name, name))
    return row
  }
  const rowsOf = (application: string, ex: Executor = db) =>
    ex
      .select({ provider: providers, position: applicationProviders.position })
      .from(applicationProviders)
      .innerJoin(
        providers,
        and(
          eq(providers.owner, applicationProviders.providerOwner),
          eq(providers.name, applicationProviders.providerName),
        ),
      )
      .where(eq(applicationProviders.application, application))
      .orderBy(asc(applicationProviders.position))

  const setProviders = async (
    tx: Transaction,
    application: string,
    organization: string,
    rows: ApplicationInput['providers'],
  ): Promise<void> => {
    await tx.delete(applicationProviders).where(eq(applicationProviders.application, application))
    for (const [position, row] of rows.entries()) {
      // One tenant must not spend another's account: only its own providers, and the shared ones.
      const known = row.organization === organization || row.organization === SHARED_OWNER
      if (!known || !(await findProvider(tx, row.organization, row.name)))
        throw new Refusal('INVALID_INPUT', {
          fields: [{ path: `providers.${position}`, message: 'There is no such provider here.' }],
        })
      await tx
        .insert(applicationProviders)
        .values({ application, position, providerOwner: row.organization, providerName: row.name })
        .onConflictDoNothing()
    }
  }

  const usedBy = (owner: string, name: string, ex: Executor = db) =>
    ex
      .select({
        name: applications.name,
        displayName: applications.displayName,
        organization: applications.organization,
      })
      .from(applicationProviders)
      .innerJoin(applications, eq(applications.name, applicationProviders.application))
      .where(and(eq(applicationProviders.providerOwner, owner), eq(applicationProviders.providerName, name)))

  const conflict = async <T>(work: () => Promise<T>, path: string): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (isUniqueViolation(error))
        throw new Refusal('CONFLICT', { fields: [{ path, message: 'This name is taken.' }], cause: error })
      throw error
    }
  }

  return {
    findOrganization,
    findApplication,
    findProvider: (owner: string, name: string) => findProvider(db, owner, name),

    listOrganizations: (name?: string) =>
      db
        .select()
        .from(organizations)
        .where(name === undefined ? undefined : eq(organizations.name, name))
        .orderBy(organizations.name),

    createOrganization: (
      actor: Actor,
      input: { name: string; displayName: string; logo: string; helpContact: string; triesPerDay: number },
    ) =>
      conflict(
        () =>
          db.transaction(async (tx) => {
            // These two names mean something else in addresses of objects.
            if (input.name === SHARED_OWNER || input.name === 'app')
              throw new Refusal('INVALID_INPUT', { fields: [{ path: 'name', message: 'This name is reserved.' }] })
            await tx.insert(organizations).values({ ...input, createdAt: clock.now() })
            await audit.append(tx, {
              organization: input.name,
              actor: actor.name,
              action: 'add-organization',
              target: input.name,
              address: actor.address,
            })
          }),
        'name',
      ),

    updateOrganization: (
      actor: Actor,
      name: string,
      input: { displayName: string; logo: string; helpContact: string; triesPerDay: number },
    ) =>
      db.transaction(async (tx) => {
        const changed = await tx
          .update(organizations)
          .set({ ...input, version: sql`${organizations.version} + 1` })
          .where(eq(organizations.name, name))
          .returning({ name: organizations.name })
        if (changed.length === 0) throw new Refusal('NOT_FOUND')
        await audit.append(tx, {
          organization: name,
          actor: actor.name,
          action: 'update-organization',
          target: name,
          address: actor.address,
        })
      }),

    /** Applications of one organization, or of all. */
    listApplications: (organization?: string) =>
      db
        .select()
        .from(applications)
        .where(organization === undefined ? undefined : eq(applications.organization, organization))
        .orderBy(applications.organization, applications.name),

    providerRowsOf: (application: string) => rowsOf(application),

    /** The one with this name that people of this organization use; the oldest when none is named: always the same one. */
    async applicationOf(organization: string, named: string) {
      const own = named === '' ? undefined : await findApplication(named)
      if (own?.organization === organization) return own
      const [first] = await db
        .select()
        .from(applications)
        .where(eq(applications.organization, organization))
        .orderBy(asc(applications.createdAt), asc(applications.name))
        .limit(1)
      return first
    },

    createApplication: (actor: Actor, organization: string, name: string, input: ApplicationInput) =>
      conflict(
        () =>
          db.transaction(async (tx) => {
            if (!(await findOrganization(organization, tx))) throw new Refusal('NOT_FOUND')
            const { providers: rows, ...fields } = input
            await tx.insert(applications).values({
              ...fields,
              name,
              organization,
              clientId: randomUUID().replaceAll('-', '').slice(0, 20),
              clientSecret: parts.box.seal(newToken(), `application:${name}:clientSecret`),
              createdAt: clock.now(),
            })
            await setProviders(tx, name, organization, rows)
            await audit.append(tx, {
              organization,
              actor: actor.name,
              action: 'add-application',
              target: name,
              address: actor.address,
            })
          }),
        'name',
      ),

    /** @param version the version that was read; another one means someone changed it meanwhile */
    updateApplication: (actor: Actor, organization: string, name: string, input: ApplicationInput, version?: number) =>
      db.transaction(async (tx) => {
        const { providers: rows, ...fields } = input
        const changed = await tx
          .update(applications)
          .set({ ...fields, version: sql`${applications.version} + 1` })
          .where(
            and(
              eq(applications.name, name),
              eq(applications.organization, organization),
              version === undefined ? undefined : eq(applications.version, version),
            ),
          )
          .returning({ name: applications.name })
        if (changed.length === 0)
          throw new Refusal((await findApplication(name, tx)) ? 'CHANGED_MEANWHILE' : 'NOT_FOUND')
        await setProviders(tx, name, organization, rows)
        await audit.append(tx, {
          organization,
          actor: actor.name,
          action: 'update-application',
          target: name,
          address: actor.address,
        })
      }),

    removeApplication: (actor: Actor, organization: string, name: string) =>
      db.transaction(async (tx) => {
        const [sum] = await tx
          .select({ total: count() })
          .from(applications)
          .where(eq(applications.organization, organization))
        // People of an organization without any application could not sign in.
        if ((sum?.total ?? 0) <= 1) throw new Refusal('IN_USE')
        const gone = await tx
          .delete(applications)
          .where(and(eq(applications.name, name), eq(applications.organization, organization)))
          .returning({ name: applications.name })
        if (gone.length === 0) throw new Refusal('NOT_FOUND')
        await audit.append(tx, {
          organization,
          actor: actor.name,
          action: 'delete-application',
          target: name,
          address: actor.address,
        })
      }),

    types: parts.types,

    listProviders: (owners?: readonly string[]) =>
      db
        .select()
        .from(providers)
        .where(owners === undefined ? undefined : inArray(providers.owner, [...owners]))
        .orderBy(providers.owner, providers.name),

    usedBy: (owner: string, name: string) => usedBy(owner, name),
    usedThisMonth: (owner: string, name: string) => usedIn(db, owner, name, clock.now()),
    maskedConfig: (row: typeof providers.$inferSelect) => maskedConfig(parts, row),

    createProvider: (
      actor: Actor,
      owner: string,
      name: string,
      input: { displayName: string; category: string; type: string; config: Record<string, unknown> },
    ) =>
      conflict(
        () =>
          db.transaction(async (tx) => {
            const type = typeOf(parts, input.category, input.type)
            const split = splitConfig(parts, type, owner, name, checkConfig(parts, type, input.config, undefined))
            const at = clock.now()
            await tx.insert(providers).values({
              owner,
              name,
              displayName: input.displayName,
              category: type.category,
              type: type.type,
              ...split,
              secretsSavedAt: Object.keys(split.secrets).length > 0 ? at : null,
              createdAt: at,
            })
            await audit.append(tx, {
              organization: auditOrganization(owner),
              actor: actor.name,
              action: 'add-provider',
              target: `${owner}/${name}`,
              provider: `${owner}/${name}`,
              address: actor.address,
            })
          }),
        'name',
      ),

    updateProvider: (
      actor: Actor,
      owner: string,
      name: string,
      input: { displayName: string; category: string; type: string; config: Record<string, unknown> },
      version?: number,
    ) =>
      db.transaction(async (tx) => {
        const stored = await findProvider(tx, owner, name)
        if (!stored) throw new Refusal('NOT_FOUND')
        const type = typeOf(parts, input.category, input.type)
        const checked = checkConfig(parts, type, input.config, stored)
        const split = splitConfig(parts, type, owner, name, checked)
        const newSecret = Object.keys(split.secrets).some(
          (field) => input.config[field] !== undefined && input.config[field] !== '***',
        )
        const changed = await tx
          .update(providers)
          .set({
            displayName: input.displayName,
            category: type.category,
            type: type.type,
            ...split,
            ...(newSecret ? { secretsSavedAt: clock.now() } : {}),
            // New settings deserve a new chance.
            failuresInRow: 0,
            restUntil: null,
            health: 'unknown',
            healthDetail: '',
            version: sql`${providers.version} + 1`,
          })
          .where(
            and(
              eq(providers.owner, owner),
              eq(providers.name, name),
              version === undefined ? undefined : eq(providers.version, version),
            ),
          )
          .returning({ name: providers.name })
        if (changed.length === 0) throw new Refusal('CHANGED_MEANWHILE')
        await audit.append(tx, {
          organization: auditOrganization(owner),
          actor: actor.name,
          action: 'update-provider',
          target: `${owner}/${name}`,
          provider: `${owner}/${name}`,
          reasons: newSecret ? ['secret replaced'] : [],
          address: actor.address,
        })
      }),

    removeProvider: (actor: Actor, owner: string, name: string) =>
      db.transaction(async (tx) => {
        // Held, so that nobody attaches it between this look and the deletion.
        await tx
          .select({ name: providers.name })
          .from(providers)
          .where(and(eq(providers.owner, owner), eq(providers.name, name)))
          .for('update')
        const users = await usedBy(owner, name, tx)
        if (users.length > 0)
          throw new Refusal('IN_USE', { fields: users.map((user) => ({ path: 'usedBy', message: user.displayName })) })
        const gone = await tx
          .delete(providers)
          .where(and(eq(providers.owner, owner), eq(providers.name, name)))
          .returning({ name: providers.name })
        if (gone.length === 0) throw new Refusal('NOT_FOUND')
        await audit.append(tx, {
          organization: auditOrganization(owner),
          actor: actor.name,
          action: 'delete-provider',
          target: `${owner}/${name}`,
          provider: `${owner}/${name}`,
          address: actor.address,
        })
      }),

    /** Tests settings, saved or not. Creates no transaction at the provider; keeps only when and how it ended. */
    async probe(
      actor: Actor,
      owner: string,
      name: string | undefined,
      input: { category: string; type: string; config: Record<string, unknown> },
    ) {
      const type = typeOf(parts, input.category, input.type)
      const stored = name === undefined ? undefined : await findProvider(db, owner, name)
      const config = checkConfig(parts, type, input.config, stored)
      const result = await openWith(parts, type, config).adapter.probe()
      const at = clock.now()
      await db.transaction(async (tx) => {
        if (stored)
          await tx
            .update(providers)
            .set({ lastTestAt: at, lastTestOk: result.ok })
            .where(and(eq(providers.owner, owner), eq(providers.name, stored.name)))
        await audit.append(tx, {
          organization: auditOrganization(owner),
          actor: actor.name,
          action: 'test-provider',
          target: `${owner}/${name ?? '(unsaved)'}`,
          provider: `${owner}/${name ?? '(unsaved)'}`,
          result: result.ok ? 'ok' : 'failed',
          reasons: result.steps.flatMap((step) => (step.code ? [step.code] : [])),
          address: actor.address,
        })
      })
      return { ...result, at }
    },

    openProvider: (row: typeof providers.$inferSelect) => openRow(parts, row),
    takeQuota,
    returnQuota: (owner: string, name: string) => returnQuota(db, owner, name, clock.now()),
    recordSuccess: (owner: string, name: string) => recordSuccess(db, owner, name, clock.now()),
    recordFault: (owner: string, name: string, fault: { detail: string; retryAfterMs: number | null }) =>
      recordFault(db, owner, name, fault, clock.now()),
  }
}

/** Shared providers belong to nobody: their lines stand in the chain of the built-in organization. */
export const auditOrganization = (owner: string): string => (owner === SHARED_OWNER ? 'built-in' : owner)
