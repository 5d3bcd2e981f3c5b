import type { Caller } from '../accounts/index.ts'
import { type ApplicationRow, MASK, providerRowsOf } from '../organizations/index.ts'
import type { Deps } from './deps.ts'
import { toCasdoorProvider } from './providers.ts'

export type Row = ApplicationRow

/** Keys that are columns here, that the server owns, or that hold secrets; everything else of an application is kept and echoed. */
export const applicationKeys: ReadonlySet<string> = new Set([
  'owner',
  'name',
  'createdTime',
  'displayName',
  'logo',
  'homepageUrl',
  'organization',
  'organizationObj',
  'cert',
  'certPublicKey',
  'CertObj',
  'clientId',
  'clientSecret',
  'clientCert',
  'registrationAccessToken',
  'redirectUris',
  'postLogoutRedirectUris',
  'backchannelLogoutUri',
  'enablePassword',
  'enableSignUp',
  'isPublic',
  'requireConsent',
  'expireInHours',
  'refreshExpireInHours',
])

type ProviderItem = Record<string, unknown>
const itemsOf = (extra: Row['extra']): ProviderItem[] =>
  Array.isArray(extra.providers) ? extra.providers.filter((item) => typeof item === 'object' && item !== null) : []

/** Rows as a client sent them, without the provider inside: that is filled in anew on each read. */
export const keptItems = (rows: readonly ProviderItem[]): ProviderItem[] =>
  rows.map((row) => Object.fromEntries(Object.entries(row).filter(([key]) => key !== 'provider')))

/** @param viewer who sees the provider inside each row, its secrets masked; lists have none */
export const providersOf = async (deps: Deps, row: Row, viewer?: Caller): Promise<ProviderItem[]> =>
  (await providerRowsOf(deps.organizations.db, row.name)).map(({ provider }) => ({
    canSignUp: true,
    canSignIn: true,
    canUnlink: true,
    bindingRule: null,
    countryCodes: null,
    prompted: false,
    signupGroup: '',
    rule: 'None',
    ...itemsOf(row.extra).find((item) => item.name === provider.name),
    owner: provider.owner,
    name: provider.name,
    provider: viewer ? toCasdoorProvider(deps, viewer, provider) : null,
  }))

/** An application in Casdoor's words. How long tokens live is the server's own. */
export const toCasdoorApplication = (
  row: Row,
  providers: ProviderItem[],
  certificate = '',
): Record<string, unknown> => ({
  grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
  signinMethods: [{ name: 'Password', displayName: 'Password', rule: 'All' }],
  tokenFormat: 'JWT',
  tokenFields: [],
  ...row.extra,
  owner: 'admin',
  name: row.name,
  createdTime: row.createdAt.toISOString(),
  displayName: row.displayName,
  logo: row.logo,
  homepageUrl: row.homepageUrl,
  organization: row.organization,
  cert: 'cert-built-in',
  certPublicKey: certificate,
  enablePassword: row.enablePassword,
  enableSignUp: row.enableSignUp,
  // Ours: Casdoor lets every application leave its secret out when it proves its codes (PKCE).
  isPublic: row.isPublic,
  requireConsent: row.requireConsent,
  clientId: row.clientId,
  clientSecret: row.clientSecret === '' ? '' : MASK,
  redirectUris: row.redirectUris,
  postLogoutRedirectUris: row.postLogoutRedirectUris,
  backchannelLogoutUri: row.backchannelLogoutUri,
  expireInHours: 1,
  refreshExpireInHours: 720,
  providers,
  organizationObj: null,
})
