import { type CappedCount, countUpTo, type Executor, type OffsetPage, pageOrder } from '@veridoor/foundation'
import { and, asc, eq, gt, inArray, type SQL, sql } from 'drizzle-orm'
import { applicationProviders, applications, organizations, providers } from './schema.ts'

/** A page in the order of names. `after`: the last name of the page before. */
export type NamePage = { readonly after?: string | undefined; readonly limit: number }
/** The last provider of the page before. */
export type ProviderCursor = { readonly owner: string; readonly name: string }

type Listed<Row> = Promise<{ rows: Row[] } & CappedCount>
type Organization = typeof organizations.$inferSelect
type Application = typeof applications.$inferSelect
type Provider = typeof providers.$inferSelect

const isNamed = (name: string | undefined): SQL | undefined =>
  name === undefined ? undefined : eq(organizations.name, name)
const isOf = (organization: string | undefined): SQL | undefined =>
  organization === undefined ? undefined : eq(applications.organization, organization)
const isOwnedBy = (owners: readonly string[] | undefined): SQL | undefined =>
  owners === undefined ? undefined : inArray(providers.owner, [...owners])

/** Organizations: the one of this name, or all. */
export const pageOfOrganizations = async (
  ex: Executor,
  name: string | undefined,
  page: NamePage,
): Listed<Organization> => {
  const after = page.after === undefined ? undefined : gt(organizations.name, page.after)
  const rows = await ex
    .select()
    .from(organizations)
    .where(and(isNamed(name), after))
    .orderBy(asc(organizations.name))
    .limit(page.limit)
  return { rows, ...(await countUpTo(ex, organizations, isNamed(name))) }
}

/** Applications of one organization, or of all. Names are unique over all organizations. */
export const pageOfApplications = async (
  ex: Executor,
  organization: string | undefined,
  page: NamePage,
): Listed<Application> => {
  const after = page.after === undefined ? undefined : gt(applications.name, page.after)
  const rows = await ex
    .select()
    .from(applications)
    .where(and(isOf(organization), after))
    .orderBy(asc(applications.name))
    .limit(page.limit)
  return { rows, ...(await countUpTo(ex, applications, isOf(organization))) }
}

/** Providers of these owners, or of all; shared ones only when `SHARED_OWNER` is among the owners. */
export const pageOfProviders = async (
  ex: Executor,
  owners: readonly string[] | undefined,
  page: { readonly after?: ProviderCursor | undefined; readonly limit: number },
): Listed<Provider> => {
  const after = page.after && sql`(${providers.owner}, ${providers.name}) > (${page.after.owner}, ${page.after.name})`
  const rows = await ex
    .select()
    .from(providers)
    .where(and(isOwnedBy(owners), after))
    .orderBy(asc(providers.owner), asc(providers.name))
    .limit(page.limit)
  return { rows, ...(await countUpTo(ex, providers, isOwnedBy(owners))) }
}

const organizationColumns = {
  name: organizations.name,
  displayName: organizations.displayName,
  createdTime: organizations.createdAt,
} as const
const applicationColumns = {
  name: applications.name,
  displayName: applications.displayName,
  organization: applications.organization,
  createdTime: applications.createdAt,
} as const
const providerColumns = {
  name: providers.name,
  displayName: providers.displayName,
  owner: providers.owner,
  category: providers.category,
  type: providers.type,
  createdTime: providers.createdAt,
} as const

/** As `pageOfOrganizations`, for clients that know no cursors. */
export const offsetPageOfOrganizations = async (
  ex: Executor,
  name: string | undefined,
  page: OffsetPage,
): Listed<Organization> => {
  const { where, orderBy } = pageOrder(page, organizationColumns, [organizations.name])
  const matching = and(isNamed(name), where)
  const rows = await ex
    .select()
    .from(organizations)
    .where(matching)
    .orderBy(...orderBy)
    .limit(page.limit)
    .offset(page.offset)
  return { rows, ...(await countUpTo(ex, organizations, matching)) }
}

/** As `pageOfApplications`, for clients that know no cursors. @param name only this one */
export const offsetPageOfApplications = async (
  ex: Executor,
  filter: { readonly organization?: string | undefined; readonly name?: string | undefined },
  page: OffsetPage,
): Listed<Application> => {
  const { where, orderBy } = pageOrder(page, applicationColumns, [applications.name])
  const only = filter.name === undefined ? undefined : eq(applications.name, filter.name)
  const matching = and(isOf(filter.organization), only, where)
  const rows = await ex
    .select()
    .from(applications)
    .where(matching)
    .orderBy(...orderBy)
    .limit(page.limit)
    .offset(page.offset)
  return { rows, ...(await countUpTo(ex, applications, matching)) }
}

/** As `pageOfProviders`, for clients that know no cursors. */
export const offsetPageOfProviders = async (
  ex: Executor,
  owners: readonly string[] | undefined,
  page: OffsetPage,
): Listed<Provider> => {
  const { where, orderBy } = pageOrder(page, providerColumns, [providers.owner, providers.name])
  const matching = and(isOwnedBy(owners), where)
  const rows = await ex
    .select()
    .from(providers)
    .where(matching)
    .orderBy(...orderBy)
    .limit(page.limit)
    .offset(page.offset)
  return { rows, ...(await countUpTo(ex, providers, matching)) }
}

/** The providers of several applications at once, each in the order in which they are tried. */
export const providersOfApplications = async (
  ex: Executor,
  names: readonly string[],
): Promise<Map<string, Provider[]>> => {
  const found = new Map<string, Provider[]>(names.map((name) => [name, []]))
  if (names.length === 0) return found
  const rows = await ex
    .select({ application: applicationProviders.application, provider: providers })
    .from(applicationProviders)
    .innerJoin(
      providers,
      and(
        eq(providers.owner, applicationProviders.providerOwner),
        eq(providers.name, applicationProviders.providerName),
      ),
    )
    .where(inArray(applicationProviders.application, [...names]))
    .orderBy(asc(applicationProviders.application), asc(applicationProviders.position))
  for (const { application, provider } of rows) found.get(application)?.push(provider)
  return found
}
