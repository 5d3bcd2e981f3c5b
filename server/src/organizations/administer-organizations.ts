import { Refusal } from '@veridoor/contract'
import { eq, sql } from 'drizzle-orm'
import { type Actor, type OrganizationsParts, SHARED_OWNER } from './parts.ts'
import { organizations } from './schema.ts'
import { asConflict } from './store.ts'
import { assertWebAddresses } from './web-addresses.ts'

export type OrganizationInput = {
  readonly displayName: string
  readonly logo: string
  readonly colour?: string
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

/** @throws {Refusal} NOT_FOUND */
export const updateOrganization = (parts: OrganizationsParts, actor: Actor, name: string, input: OrganizationInput) =>
  parts.db.transaction(async (tx) => {
    assertWebAddresses(input)
    const changed = await tx
      .update(organizations)
      .set({ ...input, version: sql`${organizations.version} + 1` })
      .where(eq(organizations.name, name))
      .returning({ name: organizations.name })
    if (changed.length === 0) throw new Refusal('NOT_FOUND')
    await parts.audit.append(tx, {
      organization: name,
      actor: actor.name,
      action: 'update-organization',
      target: name,
      address: actor.address,
    })
  })
