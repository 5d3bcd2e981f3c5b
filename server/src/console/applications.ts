import { ApiError, clientAuthentications, SignUpFields, securityProfiles } from '@veridoor/contract'
import { tokenFormatOf } from '../oidc/index.ts'
import {
  type ApplicationRow,
  createApplication,
  findApplication,
  type ProviderRow,
  pageOfApplications,
  providerRowsOf,
  providersOfApplications,
  removeApplication,
  resetClientSecret,
  updateApplication,
} from '../organizations/index.ts'
import {
  actorOf,
  type Context,
  organizationFilter,
  os,
  parseVersion,
  requireAdministrator,
  requireOrganization,
} from './context.ts'
import { nextName } from './cursor.ts'

const toView = (row: ApplicationRow, providers: readonly ProviderRow[]) => ({
  name: row.name,
  organization: row.organization,
  displayName: row.displayName,
  logo: row.logo,
  colour: row.colour,
  homepageUrl: row.homepageUrl,
  clientId: row.clientId,
  redirectUris: row.redirectUris,
  postLogoutRedirectUris: row.postLogoutRedirectUris,
  isPublic: row.isPublic,
  requirePkce: row.requirePkce,
  clientAuthentication: clientAuthentications.find((known) => known === row.clientAuthentication) ?? 'client_secret',
  jwks: row.jwks,
  jwksUri: row.jwksUri,
  securityProfile: securityProfiles.find((known) => known === row.securityProfile) ?? 'standard',
  requireConsent: row.requireConsent,
  management: row.management,
  pairwiseSubjects: row.pairwiseSubjects,
  tokenFormat: tokenFormatOf(row),
  backchannelLogoutUri: row.backchannelLogoutUri,
  enableSignUp: row.enableSignUp,
  enablePassword: row.enablePassword,
  enableEmailCode: row.enableEmailCode,
  signUpFields: SignUpFields.parse(row.signUpFields),
  providers: providers.map((provider) => ({
    organization: provider.owner,
    name: provider.name,
    displayName: provider.displayName,
    category: provider.category,
    type: provider.type,
    health: provider.health,
  })),
  createdAt: row.createdAt.toISOString(),
  etag: String(row.version),
})

const view = async (context: Context, name: string) => {
  const { db } = context.rooms.organizations
  const row = await findApplication(db, name)
  if (!row) throw new ApiError('NOT_FOUND')
  return toView(
    row,
    (await providerRowsOf(db, name)).map(({ provider }) => provider),
  )
}

/** The application, where the caller's organization owns it. */
const owned = async (context: Context, name: string) => {
  const caller = requireAdministrator(context)
  const row = await findApplication(context.rooms.organizations.db, name)
  if (!row) throw new ApiError('NOT_FOUND')
  requireOrganization(caller, row.organization)
  return { caller, organization: row.organization, extra: row.extra }
}

/** For administrators of the organization; another tenant's application does not exist for them. */
export const applications = {
  list: os.applications.list.handler(async ({ context, input }) => {
    const { db } = context.rooms.organizations
    const organization = organizationFilter(requireAdministrator(context), input.organization)
    const { rows, ...count } = await pageOfApplications(db, organization, { after: input.cursor, limit: input.limit })
    const providers = await providersOfApplications(
      db,
      rows.map((row) => row.name),
    )
    return {
      items: rows.map((row) => toView(row, providers.get(row.name) ?? [])),
      nextCursor: nextName(rows, input.limit),
      ...count,
    }
  }),

  read: os.applications.read.handler(async ({ context, input }) => {
    await owned(context, input.name)
    return view(context, input.name)
  }),

  create: os.applications.create.handler(async ({ context, input }) => {
    const caller = requireAdministrator(context)
    const { organization, name, tokenFormat, clientId, clientSecret, ...fields } = input
    await createApplication(
      context.rooms.organizations,
      actorOf(caller),
      requireOrganization(caller, organization),
      name,
      {
        ...fields,
        credentials: { clientId, clientSecret },
        ...(tokenFormat ? { extra: { tokenFormat } } : {}),
      },
    )
    return view(context, name)
  }),

  update: os.applications.update.handler(async ({ context, input }) => {
    const { name, etag, tokenFormat, ...fields } = input
    const { caller, organization, extra } = await owned(context, name)
    const change = { ...fields, ...(tokenFormat ? { extra: { ...extra, tokenFormat } } : {}) }
    await updateApplication(
      context.rooms.organizations,
      actorOf(caller),
      organization,
      name,
      change,
      parseVersion(etag),
    )
    return view(context, name)
  }),

  resetSecret: os.applications.resetSecret.handler(async ({ context, input }) => {
    const { caller, organization } = await owned(context, input.name)
    const { organizations } = context.rooms
    const { secret, version } = await resetClientSecret(organizations, actorOf(caller), organization, input.name)
    return { clientSecret: secret, etag: String(version) }
  }),

  remove: os.applications.remove.handler(async ({ context, input }) => {
    const { caller, organization } = await owned(context, input.name)
    await removeApplication(context.rooms.organizations, actorOf(caller), organization, input.name)
    return { done: true as const }
  }),
}
