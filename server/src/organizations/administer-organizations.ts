import { ApiError, DisplayName, LineOfText, ObjectName, readExtra, readField } from '@veridoor/contract'
import { isForeignKeyViolation } from '@veridoor/foundation'
import { and, eq, sql } from 'drizzle-orm'
import { type Actor, type OrganizationsDeps, SHARED_OWNER } from './deps.ts'
import { applications, organizations, providers } from './schema.ts'
import { asConflict, findOrganization } from './store.ts'
import { assertWebAddresses } from './web-addresses.ts'

/**
 * What an administrator sets of an organization. `triesPerDay` counts for each person, over any 24 hours. What is left out has
 * its default in a new one, and stays in a changed one.
 */
export type OrganizationInput = {
  readonly displayName: string
  readonly logo: string
  readonly colour?: string
  readonly helpContact: string
  readonly triesPerDay: number
  readonly requireStaffSecondFactor?: boolean | undefined
  /** Replaces the keys that are kept for other clients; left out, they stay. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** Its texts, each in its one form. @throws {ApiError} INVALID_INPUT naming the field */
const textsOf = (input: OrganizationInput) => ({
  displayName: readField('displayName', DisplayName, input.displayName),
  logo: readField('logo', LineOfText(500), input.logo),
  helpContact: readField('helpContact', LineOfText(200), input.helpContact),
})

/** @throws {ApiError} CONFLICT when the name is taken; INVALID_INPUT when it is reserved, or for a text that its field does not take */
export const createOrganization = (
  deps: OrganizationsDeps,
  actor: Actor,
  input: OrganizationInput & { name: string },
) =>
  asConflict(
    () =>
      deps.db.transaction(async (tx) => {
        assertWebAddresses(input)
        const name = readField('name', ObjectName, input.name)
        // These two names mean something else in addresses of objects.
        if (name === SHARED_OWNER || name === 'app')
          throw new ApiError('INVALID_INPUT', { fields: [{ path: 'name', message: 'This name is reserved.' }] })
        const { extra, ...fields } = input
        await tx.insert(organizations).values({
          ...fields,
          ...textsOf(input),
          name,
          ...(extra ? { extra: readExtra(extra) } : {}),
          createdAt: deps.clock.now(),
        })
        await deps.audit.append(tx, {
          organization: name,
          actor: actor.name,
          action: 'add-organization',
          target: name,
          address: actor.address,
        })
      }),
    'name',
  )

/**
 * @param version the version that was read; another one means someone changed it meanwhile
 * @throws {ApiError} CHANGED_MEANWHILE, NOT_FOUND, INVALID_INPUT
 */
export const updateOrganization = (
  deps: OrganizationsDeps,
  actor: Actor,
  name: string,
  input: OrganizationInput,
  version?: number,
) =>
  deps.db.transaction(async (tx) => {
    assertWebAddresses(input)
    const { extra, ...fields } = input
    const changed = await tx
      .update(organizations)
      .set({
        ...fields,
        ...textsOf(input),
        ...(extra ? { extra: readExtra(extra) } : {}),
        version: sql`${organizations.version} + 1`,
      })
      .where(and(eq(organizations.name, name), version === undefined ? undefined : eq(organizations.version, version)))
      .returning({ name: organizations.name })
    if (changed.length === 0) throw new ApiError((await findOrganization(tx, name)) ? 'CHANGED_MEANWHILE' : 'NOT_FOUND')
    await deps.audit.append(tx, {
      organization: name,
      actor: actor.name,
      action: 'update-organization',
      target: name,
      address: actor.address,
    })
  })

/**
 * Removes an organization with its applications and providers. Lines of its audit stay.
 * @throws {ApiError} IN_USE while it has people; NOT_FOUND
 */
export const removeOrganization = async (deps: OrganizationsDeps, actor: Actor, name: string): Promise<void> => {
  try {
    await deps.db.transaction(async (tx) => {
      await tx.delete(applications).where(eq(applications.organization, name))
      await tx.delete(providers).where(eq(providers.owner, name))
      const gone = await tx.delete(organizations).where(eq(organizations.name, name)).returning()
      if (gone.length === 0) throw new ApiError('NOT_FOUND')
      await deps.audit.append(tx, {
        organization: name,
        actor: actor.name,
        action: 'delete-organization',
        target: name,
        address: actor.address,
      })
    })
  } catch (error) {
    // The database keeps what people belong to.
    if (isForeignKeyViolation(error)) throw new ApiError('IN_USE', { cause: error })
    throw error
  }
}
