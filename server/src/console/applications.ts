import { ApiError, clientAuthentications, SignUpFields, securityProfiles } from '@veridoor/contract'
import { tokenFormatOf } from '../oidc/index.ts'
import {
  createApplication,
  findApplication,
  listApplications,
  providerRowsOf,
  removeApplication,
  resetClientSecret,
  updateApplication,
} from '../organizations/index.ts'
import { actorOf, administrator, type Context, os, scopeOf, versionOf, within } from './context.ts'

const view = async (context: Context, name: string) => {
  const { organizations } = context.rooms
  const row = await findApplication(organizations.db, name)
  if (!row) throw new ApiError('NOT_FOUND')
  const rows = await providerRowsOf(organizations.db, name)
  return {
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
    providers: rows.map(({ provider }) => ({
      organization: provider.owner,
      name: provider.name,
      displayName: provider.displayName,
      category: provider.category,
      type: provider.type,
      health: provider.health,
    })),
    createdAt: row.createdAt.toISOString(),
    etag: String(row.version),
  }
}

/** The application, where the caller's organization owns it. */
const owned = async (context: Context, name: string) => {
  const caller = administrator(context)
  const row = await findApplication(context.rooms.organizations.db, name)
  if (!row) throw new ApiError('NOT_FOUND')
  within(caller, row.organization)
  return { caller, organization: row.organization, extra: row.extra }
}

/** For administrators of the organization; another tenant's application does not exist for them. */
export const applications = {
  list: os.applications.list.handler(async ({ context, input }) => {
    const rows = await listApplications(
      context.rooms.organizations.db,
      scopeOf(administrator(context), input.organization),
    )
    return { items: await Promise.all(rows.map((row) => view(context, row.name))) }
  }),

  read: os.applications.read.handler(async ({ context, input }) => {
    await owned(context, input.name)
    return view(context, input.name)
  }),

  create: os.applications.create.handler(async ({ context, input }) => {
    const caller = administrator(context)
    const { organization, name, tokenFormat, clientId, clientSecret, ...fields } = input
    await createApplication(context.rooms.organizations, actorOf(caller), within(caller, organization), name, {
      ...fields,
      credentials: { clientId, clientSecret },
      ...(tokenFormat ? { extra: { tokenFormat } } : {}),
    })
    return view(context, name)
  }),

  update: os.applications.update.handler(async ({ context, input }) => {
    const { name, etag, tokenFormat, ...fields } = input
    const { caller, organization, extra } = await owned(context, name)
    const change = { ...fields, ...(tokenFormat ? { extra: { ...extra, tokenFormat } } : {}) }
    await updateApplication(context.rooms.organizations, actorOf(caller), organization, name, change, versionOf(etag))
    return view(context, name)
  }),

  resetSecret: os.applications.resetSecret.handler(async ({ context, input }) => {
    const { caller, organization } = await owned(context, input.name)
    const { organizations } = context.rooms
    return { clientSecret: await resetClientSecret(organizations, actorOf(caller), organization, input.name) }
  }),

  remove: os.applications.remove.handler(async ({ context, input }) => {
    const { caller, organization } = await owned(context, input.name)
    await removeApplication(context.rooms.organizations, actorOf(caller), organization, input.name)
    return { done: true as const }
  }),
}
