import type { Caller } from '../accounts/index.ts'
import { MASK } from '../organizations/index.ts'
import { administratorOf, callerOf, splitId, within } from './asker.ts'
import { affected, type Envelope, ok, unaffected, unauthorized } from './envelope.ts'
import type { Call, Parts } from './parts.ts'
import { pageOf } from './query.ts'

type Row = NonNullable<Awaited<ReturnType<Parts['organizations']['findApplication']>>>

const providersOf = async (parts: Parts, row: Row): Promise<Record<string, unknown>[]> =>
  (await parts.organizations.providerRowsOf(row.name)).map(({ provider }) => ({
    owner: provider.owner,
    name: provider.name,
    canSignUp: true,
    canSignIn: true,
    canUnlink: true,
    bindingRule: null,
    countryCodes: null,
    prompted: false,
    signupGroup: '',
    rule: 'None',
    provider: null,
  }))

const toCasdoorApplication = (row: Row, providers: Record<string, unknown>[]): Record<string, unknown> => ({
  grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
  signinMethods: [{ name: 'Password', displayName: 'Password', rule: 'All' }],
  tokenFormat: 'JWT-Standard',
  expireInHours: 1,
  ...row.extra,
  owner: 'admin',
  name: row.name,
  createdTime: row.createdAt.toISOString(),
  displayName: row.displayName,
  logo: row.logo,
  homepageUrl: row.homepageUrl,
  organization: row.organization,
  cert: 'cert-built-in',
  enablePassword: row.enablePassword,
  enableSignUp: row.enableSignUp,
  clientId: row.clientId,
  clientSecret: row.clientSecret === '' ? '' : MASK,
  redirectUris: row.redirectUris,
  backchannelLogoutUri: row.backchannelLogoutUri,
  providers,
  organizationObj: null,
})

const find = async (parts: Parts, caller: Caller, id: string | undefined): Promise<Row | undefined> => {
  const { name } = splitId(id)
  const row = await parts.organizations.findApplication(name)
  // Another tenant's application does not exist here.
  return row && (caller.isGlobalAdmin || row.organization === caller.organization) ? row : undefined
}

export const getApplications = async (parts: Parts, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const wanted = call.query.organization
  const organization = caller.isGlobalAdmin ? wanted : within(caller, wanted ?? caller.organization)
  const rows = await parts.organizations.listApplications(organization)
  const providers = new Map(
    await Promise.all(rows.map(async (row) => [row.name, await providersOf(parts, row)] as const)),
  )
  return pageOf(rows, call.query, (row) => toCasdoorApplication(row, providers.get(row.name) ?? []))
}

export const getApplication = async (parts: Parts, call: Call): Promise<Envelope> => {
  const row = await find(parts, administratorOf(call), call.query.id)
  return ok(row ? toCasdoorApplication(row, await providersOf(parts, row)) : null)
}

/** The application used for a person: theirs, else the oldest of the organization; always the same one. */
export const getUserApplication = async (parts: Parts, call: Call): Promise<Envelope> => {
  const caller = callerOf(call)
  const { owner, name } = splitId(call.query.id)
  if (!(caller.organization === owner && caller.name === name)) {
    if (!caller.isAdmin) throw unauthorized()
    within(caller, owner)
  }
  const user = await parts.accounts.findUser(owner, name)
  const row = user && (await parts.organizations.applicationOf(user.organization, user.application))
  return ok(row ? toCasdoorApplication(row, await providersOf(parts, row)) : null)
}

/** Full replacement of what we have columns for; a row of a provider is taken by its name, its nested object is dropped. */
export const updateApplication = async (parts: Parts, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const row = await find(parts, caller, call.query.id)
  if (!row) return unaffected()
  const { body } = call
  const text = (key: string, before: string): string => (typeof body[key] === 'string' ? (body[key] as string) : before)
  const flag = (key: string, before: boolean): boolean =>
    typeof body[key] === 'boolean' ? (body[key] as boolean) : before
  const attached = (await parts.organizations.providerRowsOf(row.name)).map(({ provider }) => provider)
  const listed = Array.isArray(body.providers) ? (body.providers as { owner?: string; name?: string }[]) : undefined
  const providers = (listed ?? attached).map(({ owner, name }) => ({
    organization: owner || attached.find((known) => known.name === name)?.owner || row.organization,
    name: name ?? '',
  }))
  await parts.organizations.updateApplication(
    { name: caller.actor, address: caller.address },
    row.organization,
    row.name,
    {
      displayName: text('displayName', row.displayName),
      logo: text('logo', row.logo),
      homepageUrl: text('homepageUrl', row.homepageUrl),
      redirectUris: Array.isArray(body.redirectUris) ? body.redirectUris.map(String) : row.redirectUris,
      backchannelLogoutUri: text('backchannelLogoutUri', row.backchannelLogoutUri),
      isPublic: row.isPublic,
      requireConsent: row.requireConsent,
      pairwiseSubjects: row.pairwiseSubjects,
      enableSignUp: flag('enableSignUp', row.enableSignUp),
      enablePassword: flag('enablePassword', row.enablePassword),
      providers,
    },
  )
  return affected()
}

const toCasdoorOrganization = (row: {
  name: string
  displayName: string
  logo: string
  createdAt: Date
  extra: Record<string, unknown>
}): Record<string, unknown> => ({
  passwordType: 'argon2id',
  languages: ['en', 'de'],
  isProfilePublic: false,
  ...row.extra,
  owner: 'admin',
  name: row.name,
  createdTime: row.createdAt.toISOString(),
  displayName: row.displayName,
  logo: row.logo,
  masterPassword: '',
  defaultPassword: '',
  accountItems: [
    { name: 'ID card type', visible: true, viewRule: 'Self', modifyRule: 'Self' },
    { name: 'ID card', visible: true, viewRule: 'Self', modifyRule: 'Self' },
    { name: 'Real name', visible: true, viewRule: 'Self', modifyRule: 'Self' },
    { name: 'ID verification', visible: true, viewRule: 'Self', modifyRule: 'Self' },
  ],
})

export const getOrganizations = async (parts: Parts, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const rows = await parts.organizations.listOrganizations(caller.isGlobalAdmin ? undefined : caller.organization)
  return pageOf(rows, call.query, toCasdoorOrganization)
}

export const getOrganization = async (parts: Parts, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const { name } = splitId(call.query.id)
  if (!caller.isGlobalAdmin && name !== caller.organization) return ok(null)
  const row = await parts.organizations.findOrganization(name)
  return ok(row ? toCasdoorOrganization(row) : null)
}

export const updateOrganization = async (parts: Parts, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const name = within(caller, splitId(call.query.id).name)
  const row = await parts.organizations.findOrganization(name)
  if (!row) return unaffected()
  const text = (key: string, before: string): string =>
    typeof call.body[key] === 'string' ? (call.body[key] as string) : before
  await parts.organizations.updateOrganization({ name: caller.actor, address: caller.address }, name, {
    displayName: text('displayName', row.displayName),
    logo: text('logo', row.logo),
    helpContact: row.helpContact,
    triesPerDay: row.triesPerDay,
  })
  return affected()
}
