import { Refusal } from '@veridoor/contract'
import { and, eq, sql } from 'drizzle-orm'
import { type Actor, type OrganizationsParts, SHARED_OWNER } from './parts.ts'
import { organizations } from './schema.ts'
import { asConflict, findOrganization } from './store.ts'
import { assertWebAddresses } from './web-addresses.ts'

export type OrganizationInput = {
  readonly displayName: string
  readonly logo: string
  readonly helpContact: string
  readonly triesPerDay: number
}

/** @throws {Refusal} CONFLICT when the name is taken; INVALID_INPUT when it is reserved */
export const createOrganization = (
  parts: OrganizationsParts,
  actor: Actor,
  input: OrganizationInput & { name: string },
) =>
  asConflict(
    () =>
      parts.db.transaction(async (tx) => {
        assertWebAddresses(input)
        // These two names mean something else in addresses of objects.
        if (input.name === SHARED_OWNER || input.name === 'app')
          throw new Refusal('INVALID_INPUT', { fields: [{ path: 'name', message: 'This name is reserved.' }] })
        await tx.insert(organizations).values({ ...input, createdAt: parts.clock.now() })
        await parts.audit.append(tx, {
          organization: input.name,
          actor: actor.name,
          action: 'add-organization',
          target: input.name,
          address: actor.address,
        })
      }),
    'name',
  )

/**
 * @param version the version that was read; another one means someone changed it meanwhile
 * @throws {Refusal} CHANGED_MEANWHILE, NOT_FOUND, INVALID_INPUT
 */
export const updateOrganization = (
  parts: OrganizationsParts,
  actor: Actor,
  name: string,
  input: OrganizationInput,
  version?: number,
) =>
  parts.db.transaction(async (tx) => {
    assertWebAddresses(input)
    const changed = await tx
      .update(organizations)
      .set({ ...input, version: sql`${organizations.version} + 1` })
      .where(and(eq(organizations.name, name), version === undefined ? undefined : eq(organizations.version, version)))
      .returning({ name: organizations.name })
    if (changed.length === 0) throw new Refusal((await findOrganization(tx, name)) ? 'CHANGED_MEANWHILE' : 'NOT_FOUND')
    await parts.audit.append(tx, {
      organization: name,
      actor: actor.name,
      action: 'update-organization',
      target: name,
      address: actor.address,
    })
  })
