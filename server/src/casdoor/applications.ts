import { ClientId, ClientSecret } from '@veridoor/contract'
import type { Caller } from '../accounts/index.ts'
import {
  type ApplicationRow,
  applicationOf,
  updateApplication as changeApplication,
  createApplication,
  findApplicationByClientId,
  findApplication as findApplicationRow,
  offsetPageOfApplications,
  providerRowsOf,
  providersOfApplications,
  removeApplication,
} from '../organizations/index.ts'
import { applicationFields, toCasdoorApplication, toProviderItems, withoutProviders } from './application-object.ts'
import { booleanField, newObjectName, passThroughFields, selectedColumns, stringField } from './body.ts'
import type { Call } from './call.ts'
import type { Deps } from './deps.ts'
import { affected, CasdoorError, type Envelope, ok, unaffected } from './envelope.ts'
import { findVisibleUser, readSelector } from './find-user.ts'
import { listEnvelope, readListQuery } from './list.ts'
import { actorOf, hasCode, parseId, requireAdministrator, requireCaller, requireOrganization } from './principal.ts'

const FIRST_APPLICATION = 'app-built-in'

const isApplication = (call: Call): boolean => call.principal?.kind === 'application'

const providersOf = async (deps: Deps, row: ApplicationRow) =>
  (await providerRowsOf(deps.organizations.db, row.name)).map(({ provider }) => provider)

/** An application's credentials see that application; an administrator those of their organization. Others do not exist for them. */
const findApplication = async (deps: Deps, call: Call, caller: Caller, id: string | undefined) => {
  const { name } = parseId(id)
  if (isApplication(call) && name !== caller.application) return undefined
  const row = await findApplicationRow(deps.organizations.db, name)
  return row && (caller.isGlobalAdmin || row.organization === caller.organization) ? row : undefined
}

const COLUMNS = ['name', 'displayName', 'organization'] as const

/**
 * Applications of the caller's organization, without the provider inside each provider item. An administrator of the installation gets all,
 * or those of `organization`; an application gets itself.
 * @throws {CasdoorError} for another tenant's
 */
export const getApplications = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const wanted = call.query.organization || undefined
  const organization = caller.isGlobalAdmin ? wanted : requireOrganization(caller, wanted ?? caller.organization)
  const list = readListQuery(call.query, COLUMNS)
  const name = isApplication(call) ? caller.application : undefined
  const found = await offsetPageOfApplications(deps.organizations.db, { organization, name }, list)
  const providers = await providersOfApplications(
    deps.organizations.db,
    found.rows.map((row) => row.name),
  )
  return listEnvelope(list, found, (row) =>
    toCasdoorApplication(row, toProviderItems(deps, row, providers.get(row.name) ?? [])),
  )
}

/** `withKey` asks for the certificate that checks the application's tokens. */
export const getApplication = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const row = await findApplication(deps, call, caller, call.query.id)
  if (!row) return ok(null)
  const certificate = call.query.withKey ? (await deps.certificates())[0]?.pem : undefined
  const items = toProviderItems(deps, row, await providersOf(deps, row), caller)
  return ok(toCasdoorApplication(row, items, certificate))
}

/** The application that a person uses: their own, else the oldest of the organization. */
export const getUserApplication = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireCaller(call)
  const selector = readSelector(call.query)
  if (!selector) throw new CasdoorError('Name a person by id', 'INVALID_INPUT')
  const user = await findVisibleUser(deps, caller, selector)
  const row = user && (await applicationOf(deps.organizations.db, user.organization, user.application))
  return ok(row ? toCasdoorApplication(row, toProviderItems(deps, row, await providersOf(deps, row))) : null)
}

type Items = readonly { owner?: string; name?: string }[]
const providerItemsIn = (body: Call['body']): Items | undefined =>
  Array.isArray(body.providers) ? body.providers.filter((item) => typeof item === 'object' && item !== null) : undefined

const extraIn = (
  body: Call['body'],
  current: ApplicationRow['extra'],
  items: Items | undefined,
): Record<string, unknown> => ({
  ...current,
  ...passThroughFields(body, new Set([...applicationFields, 'providers']), 'application'),
  ...(items ? { providers: withoutProviders(items as Record<string, unknown>[]) } : {}),
})

const addressesIn = (body: Call['body'], key: string, current: string[]): string[] => {
  const rows = body[key]
  return Array.isArray(rows) ? rows.map(String) : current
}

const assertUnchanged = (body: Call['body'], row: ApplicationRow): void => {
  for (const key of ['name', 'organization'] as const)
    if (stringField(body, key, row[key]) !== row[key])
      throw new CasdoorError(`The ${key} of an application cannot be changed`, 'INVALID_INPUT')
}

/** By administrators. Absent fields stay as they are; of a provider item only its name counts, its nested object is ignored. */
export const updateApplication = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const row = await findApplication(deps, call, caller, call.query.id)
  if (!row) return unaffected()
  const body = selectedColumns(call)
  assertUnchanged(body, row)
  const attached = await providersOf(deps, row)
  const items = providerItemsIn(body)
  await changeApplication(deps.organizations, actorOf(caller), row.organization, row.name, {
    displayName: stringField(body, 'displayName', row.displayName),
    logo: stringField(body, 'logo', row.logo),
    homepageUrl: stringField(body, 'homepageUrl', row.homepageUrl),
    redirectUris: addressesIn(body, 'redirectUris', row.redirectUris),
    postLogoutRedirectUris: addressesIn(body, 'postLogoutRedirectUris', row.postLogoutRedirectUris),
    backchannelLogoutUri: stringField(body, 'backchannelLogoutUri', row.backchannelLogoutUri),
    isPublic: booleanField(body, 'isPublic', row.isPublic),
    requireConsent: booleanField(body, 'requireConsent', row.requireConsent),
    pairwiseSubjects: row.pairwiseSubjects,
    enableSignUp: booleanField(body, 'enableSignUp', row.enableSignUp),
    enablePassword: booleanField(body, 'enablePassword', row.enablePassword),
    providers: (items ?? attached).map(({ owner, name }) => ({
      organization: owner || attached.find((provider) => provider.name === name)?.owner || row.organization,
      name: name ?? '',
    })),
    extra: extraIn(body, row.extra, items),
  })
  return affected()
}

/**
 * The client ID and secret of an application that moves here. What is left out is made here; the console shows a new secret once. The
 * identifier is public, so any that RFC 6749 allows is kept; the secret must be long enough (RFC 6749, section 10.10).
 *
 * @throws {CasdoorError} INVALID_INPUT
 */
const credentialsIn = (body: Call['body']): { clientId?: string; clientSecret?: string } => {
  const clientId = stringField(body, 'clientId')
  const clientSecret = stringField(body, 'clientSecret')
  if (clientId !== '' && !ClientId.safeParse(clientId).success)
    throw new CasdoorError('The clientId must have 1 to 255 printable characters of ASCII', 'INVALID_INPUT')
  if (clientSecret !== '' && !ClientSecret.safeParse(clientSecret).success)
    throw new CasdoorError('The clientSecret must have 24 to 255 printable characters of ASCII', 'INVALID_INPUT')
  return { ...(clientId ? { clientId } : {}), ...(clientSecret ? { clientSecret } : {}) }
}

/** By administrators, in their organization or in the one that an administrator of the installation names. */
export const addApplication = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const { body } = call
  const organization = requireOrganization(caller, stringField(body, 'organization') || caller.organization)
  const name = newObjectName(body)
  const items = providerItemsIn(body)
  const credentials = credentialsIn(body)
  const { clientId } = credentials
  if (clientId !== undefined && (await findApplicationByClientId(deps.organizations.db, clientId))) return unaffected()
  await createApplication(deps.organizations, actorOf(caller), organization, name, {
    displayName: stringField(body, 'displayName') || name,
    logo: stringField(body, 'logo'),
    homepageUrl: stringField(body, 'homepageUrl'),
    redirectUris: addressesIn(body, 'redirectUris', []),
    postLogoutRedirectUris: addressesIn(body, 'postLogoutRedirectUris', []),
    backchannelLogoutUri: stringField(body, 'backchannelLogoutUri'),
    isPublic: booleanField(body, 'isPublic', false),
    requireConsent: booleanField(body, 'requireConsent', false),
    enableSignUp: booleanField(body, 'enableSignUp', false),
    enablePassword: booleanField(body, 'enablePassword', true),
    providers: (items ?? []).map((item) => ({ organization: item.owner || organization, name: item.name ?? '' })),
    extra: extraIn(body, {}, items),
    credentials,
  })
  return affected()
}

/** By administrators. The first application of the installation stays, and so does the last one of each organization. */
export const deleteApplication = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const name = stringField(call.body, 'name')
  const row =
    name === '' || name === FIRST_APPLICATION ? undefined : await findApplication(deps, call, caller, `admin/${name}`)
  if (!row) return unaffected()
  try {
    await removeApplication(deps.organizations, actorOf(caller), row.organization, row.name)
  } catch (error) {
    if (hasCode(error, 'IN_USE'))
      throw new CasdoorError('This is the last application of its organization: its people sign in with it', 'IN_USE')
    throw error
  }
  return affected()
}
