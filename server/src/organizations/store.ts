import { ApiError } from '@veridoor/contract'
import { type Executor, isUniqueViolation } from '@veridoor/foundation'
import { and, asc, eq, inArray } from 'drizzle-orm'
import { applicationProviders, applications, organizations, providers } from './schema.ts'

/** An organization and an application as they are stored. */
export type OrganizationRow = typeof organizations.$inferSelect
export type ApplicationRow = typeof applications.$inferSelect

export const findOrganization = async (ex: Executor, name: string) => {
  const [row] = await ex.select().from(organizations).where(eq(organizations.name, name))
  return row
}

/** Organizations: the one of this name, or all. */
export const listOrganizations = (ex: Executor, name?: string) =>
  ex
    .select()
    .from(organizations)
    .where(name === undefined ? undefined : eq(organizations.name, name))
    .orderBy(organizations.name)

/** By its name, which no other organization can give to one of its own. */
export const findApplication = async (ex: Executor, name: string) => {
  const [row] = await ex.select().from(applications).where(eq(applications.name, name))
  return row
}

export const findApplicationByClientId = async (ex: Executor, clientId: string) => {
  const [row] = await ex.select().from(applications).where(eq(applications.clientId, clientId))
  return row
}

/** Applications of one organization, or of all. */
export const listApplications = (ex: Executor, organization?: string) =>
  ex
    .select()
    .from(applications)
    .where(organization === undefined ? undefined : eq(applications.organization, organization))
    .orderBy(applications.organization, applications.name)

/** The one with this name that people of this organization use; the oldest when none is named: always the same one. */
export const applicationOf = async (ex: Executor, organization: string, named: string) => {
  const own = named === '' ? undefined : await findApplication(ex, named)
  if (own?.organization === organization) return own
  const [first] = await ex
    .select()
    .from(applications)
    .where(eq(applications.organization, organization))
    .orderBy(asc(applications.createdAt), asc(applications.name))
    .limit(1)
  return first
}

/** The providers of an application, in the order in which they are tried. */
export const providerRowsOf = (ex: Executor, application: string) =>
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

/** Providers of these owners, or of all; shared ones only where `SHARED_OWNER` is among them. */
export const listProviders = (ex: Executor, owners?: readonly string[]) =>
  ex
    .select()
    .from(providers)
    .where(owners === undefined ? undefined : inArray(providers.owner, [...owners]))
    .orderBy(providers.owner, providers.name)

/** The applications that a provider is attached to. */
export const usedBy = (ex: Executor, owner: string, name: string) =>
  ex
    .select({
      name: applications.name,
      displayName: applications.displayName,
      organization: applications.organization,
    })
    .from(applicationProviders)
    .innerJoin(applications, eq(applications.name, applicationProviders.application))
    .where(and(eq(applicationProviders.providerOwner, owner), eq(applicationProviders.providerName, name)))

/** Turns the database's refusal of a second name into ours. @throws {ApiError} CONFLICT naming the field */
export const asConflict = async <T>(work: () => Promise<T>, path: string): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (isUniqueViolation(error))
      throw new ApiError('CONFLICT', { fields: [{ path, message: 'This name is taken.' }], cause: error })
    throw error
  }
}
