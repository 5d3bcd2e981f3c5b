import type { Caller } from '../accounts/index.ts'
import { type ApplicationRow, MASK, type ProviderRow } from '../organizations/index.ts'
import type { Deps } from './deps.ts'
import { toCasdoorProvider } from './providers.ts'

/** Fields that are columns here, that the server owns, or that hold secrets. All others are stored and returned. */
export const applicationFields: ReadonlySet<string> = new Set([
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
  'management',
])

type ProviderItem = Record<string, unknown>
const storedItems = (extra: ApplicationRow['extra']): ProviderItem[] =>
  Array.isArray(extra.providers) ? extra.providers.filter((item) => typeof item === 'object' && item !== null) : []

/** Provider items as a client sent them, without the provider inside: that is filled in on each read. */
export const withoutProviders = (items: readonly ProviderItem[]): ProviderItem[] =>
  items.map((item) => Object.fromEntries(Object.entries(item).filter(([key]) => key !== 'provider')))

/**
 * The provider items of an application.
 * @param viewer who sees the provider inside each item, with masked secrets; lists have none
 */
export const toProviderItems = (
  deps: Deps,
  row: ApplicationRow,
  providers: readonly ProviderRow[],
  viewer?: Caller,
): ProviderItem[] =>
  providers.map((provider) => ({
    canSignUp: true,
    canSignIn: true,
    canUnlink: true,
    bindingRule: null,
    countryCodes: null,
    prompted: false,
    signupGroup: '',
    rule: 'None',
    ...storedItems(row.extra).find((item) => item.name === provider.name),
    owner: provider.owner,
    name: provider.name,
    provider: viewer ? toCasdoorProvider(deps, viewer, provider) : null,
  }))

/** An application as Casdoor's clients know it. The server sets how long tokens live. */
export const toCasdoorApplication = (
  row: ApplicationRow,
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
  // Casdoor has no such field: there every application may leave its secret out when it uses PKCE.
  isPublic: row.isPublic,
  requireConsent: row.requireConsent,
  // Casdoor has no such field: it is shown, and changed in the console only.
  management: row.management,
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
