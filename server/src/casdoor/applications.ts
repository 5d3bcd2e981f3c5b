import { ClientId, ClientSecret } from '@veridoor/contract'
import { type Caller, findUser } from '../accounts/index.ts'
import {
  applicationOf,
  updateApplication as changeApplication,
  createApplication,
  findApplication,
  findApplicationByClientId,
  listApplications,
  providerRowsOf,
  removeApplication,
} from '../organizations/index.ts'
import { applicationKeys, keptItems, providersOf, type Row, toCasdoorApplication } from './application-object.ts'
import type { Call, Deps } from './deps.ts'
import { affected, type Envelope, Failure, ok, unaffected, unauthorized } from './envelope.ts'
import { chosenOf, flagIn, keptOf, newName, textIn } from './kept.ts'
import { administratorOf, callerOf, isRefusal, splitId, within } from './principal.ts'
import { pageOf } from './query.ts'

const actorOf = (caller: Caller) => ({ name: caller.actor, address: caller.address })

const find = async (deps: Deps, caller: Caller, id: string | undefined): Promise<Row | undefined> => {
  const { name } = splitId(id)
  const row = await findApplication(deps.organizations.db, name)
  // Another tenant's application does not exist here.
  return row && (caller.isGlobalAdmin || row.organization === caller.organization) ? row : undefined
}

/**
 * Of the caller's organization; an administrator of the installation gets all, or those of `organization`. Rows of providers come
 * without the provider inside. @throws {Failure} for another tenant's
 */
export const getApplications = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const wanted = call.query.organization
  const organization = caller.isGlobalAdmin ? wanted : within(caller, wanted ?? caller.organization)
  const rows = await listApplications(deps.organizations.db, organization)
  const providers = new Map(
    await Promise.all(rows.map(async (row) => [row.name, await providersOf(deps, row)] as const)),
  )
  return pageOf(rows, call.query, (row) => toCasdoorApplication(row, providers.get(row.name) ?? []))
}

/** `withKey` asks for the certificate that checks the application's tokens. */
export const getApplication = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const row = await find(deps, caller, call.query.id)
  const certificate = call.query.withKey ? (await deps.certificates())[0]?.pem : undefined
  return ok(row ? toCasdoorApplication(row, await providersOf(deps, row, caller), certificate) : null)
}

/** The application used for a person: theirs, else the oldest of the organization; always the same one. */
export const getUserApplication = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = callerOf(call)
  const { owner, name } = splitId(call.query.id)
  if (!(caller.organization === owner && caller.name === name)) {
    if (!caller.isAdmin) throw unauthorized()
    within(caller, owner)
  }
  const user = await findUser(deps.accounts, owner, name)
  const row = user && (await applicationOf(deps.organizations.db, user.organization, user.application))
  return ok(row ? toCasdoorApplication(row, await providersOf(deps, row)) : null)
}

type Items = readonly { owner?: string; name?: string }[]
const listedIn = (body: Call['body']): Items | undefined =>
  Array.isArray(body.providers) ? body.providers.filter((item) => typeof item === 'object' && item !== null) : undefined

const keptIn = (body: Call['body'], before: Row['extra'], items: Items | undefined): Record<string, unknown> => ({
  ...before,
  ...keptOf(body, new Set([...applicationKeys, 'providers']), 'application'),
  ...(items ? { providers: keptItems(items as Record<string, unknown>[]) } : {}),
})

const addressesIn = (body: Call['body'], key: string, before: string[]): string[] => {
  const rows = body[key]
  return Array.isArray(rows) ? rows.map(String) : before
}

/** Absent keys stay; a row of a provider is taken by its name, its nested object is dropped. */
export const updateApplication = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const row = await find(deps, caller, call.query.id)
  if (!row) return unaffected()
  const body = chosenOf(call)
  if (textIn(body, 'name', row.name) !== row.name) throw new Failure('An application keeps its name', 'INVALID_INPUT')
  if (textIn(body, 'organization', row.organization) !== row.organization)
    throw new Failure('An application keeps its organization', 'INVALID_INPUT')
  const attached = (await providerRowsOf(deps.organizations.db, row.name)).map(({ provider }) => provider)
  const listed = listedIn(body)
  await changeApplication(deps.organizations, actorOf(caller), row.organization, row.name, {
    displayName: textIn(body, 'displayName', row.displayName),
    logo: textIn(body, 'logo', row.logo),
    homepageUrl: textIn(body, 'homepageUrl', row.homepageUrl),
    redirectUris: addressesIn(body, 'redirectUris', row.redirectUris),
    postLogoutRedirectUris: addressesIn(body, 'postLogoutRedirectUris', row.postLogoutRedirectUris),
    backchannelLogoutUri: textIn(body, 'backchannelLogoutUri', row.backchannelLogoutUri),
    isPublic: flagIn(body, 'isPublic', row.isPublic),
    requireConsent: flagIn(body, 'requireConsent', row.requireConsent),
    pairwiseSubjects: row.pairwiseSubjects,
    enableSignUp: flagIn(body, 'enableSignUp', row.enableSignUp),
    enablePassword: flagIn(body, 'enablePassword', row.enablePassword),
    providers: (listed ?? attached).map(({ owner, name }) => ({
      organization: owner || attached.find((known) => known.name === name)?.owner || row.organization,
      name: name ?? '',
    })),
    extra: keptIn(body, row.extra, listed),
  })
  return affected()
}

/**
 * The client ID and secret of an application that moves here. What is left out is made here; the console shows a new secret once. The
 * identifier is public, so any that RFC 6749 allows is kept; the secret must be long enough (RFC 6749, section 10.10).
 *
 * @throws {Failure} INVALID_INPUT
 */
const credentialsIn = (body: Call['body']): { clientId?: string; clientSecret?: string } => {
  const clientId = textIn(body, 'clientId')
  const clientSecret = textIn(body, 'clientSecret')
  if (clientId !== '' && !ClientId.safeParse(clientId).success)
    throw new Failure('The clientId must have 1 to 255 printable characters of ASCII', 'INVALID_INPUT')
  if (clientSecret !== '' && !ClientSecret.safeParse(clientSecret).success)
    throw new Failure('The clientSecret must have 24 to 255 printable characters of ASCII', 'INVALID_INPUT')
  return { ...(clientId ? { clientId } : {}), ...(clientSecret ? { clientSecret } : {}) }
}

/** In the caller's organization, or in the one that an administrator of the installation names. */
export const addApplication = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const { body } = call
  const organization = within(caller, textIn(body, 'organization') || caller.organization)
  const name = newName(body)
  const listed = listedIn(body)
  const credentials = credentialsIn(body)
  const { clientId } = credentials
  if (clientId !== undefined && (await findApplicationByClientId(deps.organizations.db, clientId))) return unaffected()
  await createApplication(deps.organizations, actorOf(caller), organization, name, {
    displayName: textIn(body, 'displayName') || name,
    logo: textIn(body, 'logo'),
    homepageUrl: textIn(body, 'homepageUrl'),
    redirectUris: addressesIn(body, 'redirectUris', []),
    postLogoutRedirectUris: addressesIn(body, 'postLogoutRedirectUris', []),
    backchannelLogoutUri: textIn(body, 'backchannelLogoutUri'),
    isPublic: flagIn(body, 'isPublic', false),
    requireConsent: flagIn(body, 'requireConsent', false),
    enableSignUp: flagIn(body, 'enableSignUp', false),
    enablePassword: flagIn(body, 'enablePassword', true),
    providers: (listed ?? []).map((item) => ({ organization: item.owner || organization, name: item.name ?? '' })),
    extra: keptIn(body, {}, listed),
    credentials,
  })
  return affected()
}

/** The first application of the installation is kept, as the last one of every organization is: its people could not sign in. */
export const deleteApplication = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const name = textIn(call.body, 'name')
  const row = name === 'app-built-in' ? undefined : await find(deps, caller, `admin/${name || '-'}`)
  if (!row) return unaffected()
  try {
    await removeApplication(deps.organizations, actorOf(caller), row.organization, row.name)
  } catch (error) {
    if (isRefusal(error, 'IN_USE'))
      throw new Failure('This is the last application of its organization: its people sign in by it', 'IN_USE')
    throw error
  }
  return affected()
}
