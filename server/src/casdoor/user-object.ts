import { type DocumentType, documentKindOf, documentKinds, isDocumentType } from '@veridoor/contract'
import { countsAsVerified, type User } from '../accounts/index.ts'
import { Failure } from './envelope.ts'
import { keptOf } from './kept.ts'

/** How much of a person somebody sees. A document number in whole is for the person alone. */
export type View = 'self' | 'staff'

/** Keys that the server owns: what clients send for them is not taken. */
const serverOwned = new Set([
  'owner',
  'name',
  'id',
  'createdTime',
  'updatedTime',
  'deletedTime',
  'isVerified',
  'isDeleted',
  'isOnline',
  'emailVerified',
  'lastSigninTime',
  'lastSigninIp',
  'createdIp',
  'signinWrongTimes',
  'roles',
  'permissions',
  'multiFactorAuths',
  'thirdPartyLinks',
])
/** Keys that would hold secrets: never stored beside the account, never given out. */
const secrets = new Set([
  'password',
  'passwordSalt',
  'passwordType',
  'hash',
  'preHash',
  'accessToken',
  'originalToken',
  'originalRefreshToken',
  'totpSecret',
  'recoveryCodes',
  'webauthnCredentials',
  'managedAccounts',
  'mfaAccounts',
  'faceIds',
])
/** Keys that are columns of an account here. */
const columns = new Set([
  'displayName',
  'email',
  'isAdmin',
  'isForbidden',
  'signupApplication',
  'idCardType',
  'idCard',
  'realName',
])
const ours: ReadonlySet<string> = new Set([...serverOwned, ...secrets, ...columns])

/** Pictures of documents, and a mark on them: not kept here, for they would seem to be those that were checked. */
const pictures: readonly string[] = ['idCardFront', 'idCardBack', 'idCardWithPerson', 'isIdCardVerified']

/** Keys of a person that we only keep and echo. @throws {Failure} when they are too many */
export const extraOf = (body: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const kept = keptOf(body, ours, 'user')
  const { properties } = kept
  if (typeof properties !== 'object' || properties === null) return kept
  const rest = Object.entries(properties).filter(([name]) => !pictures.includes(name))
  return { ...kept, properties: Object.fromEntries(rest) }
}

/** Keys that say what a person is to an organization: applications decide by them, so nobody writes their own. */
const administrators: ReadonlySet<string> = new Set(
  [
    'tag',
    'groups',
    'type',
    'isGlobalAdmin',
    'isAdminUser',
    'isAdmin',
    'score',
    'karma',
    'ranking',
    'balance',
    'ldap',
    'externalId',
    'roles',
    'permissions',
  ].map((key) => key.toLowerCase()),
)

/** What a person may keep beside their own account. Some clients read keys whatever their capitals are. @throws {Failure} when they are too many */
export const ownExtraOf = (body: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(extraOf(body)).filter(([key]) => !administrators.has(key.toLowerCase())))

/** The type as we have it, however it is written; unknown words are refused, never guessed. */
export const documentTypeOf = (text: string): DocumentType | '' => {
  const word = text
    .trim()
    .toUpperCase()
    .replaceAll(/[\s-]+/g, '_')
  if (word === '') return ''
  const known =
    documentKinds.find(({ id, casdoor }) => casdoor.word === word || id === word) ??
    documentKinds.find(({ casdoor }) => casdoor.spellings.test(word))
  if (known) return known.id
  throw new Failure(
    `idCardType must be one of ${documentKinds.map(({ casdoor }) => casdoor.word).join(', ')}`,
    'INVALID_INPUT',
  )
}

/** A person in Casdoor's words, with every key of theirs that we were once given. */
export const toCasdoorUser = (user: User, view: View, demonstration: boolean): Record<string, unknown> => ({
  type: 'normal-user',
  avatar: '',
  phone: '',
  countryCode: '',
  region: '',
  tag: '',
  properties: {},
  groups: [],
  roles: [],
  permissions: [],
  ...user.extra,
  owner: user.organization,
  name: user.name,
  createdTime: user.createdAt.toISOString(),
  updatedTime: user.updatedAt.toISOString(),
  deletedTime: '',
  id: user.id,
  password: '***',
  displayName: user.displayName,
  email: user.email,
  emailVerified: user.emailVerified,
  isAdmin: user.isAdmin,
  isForbidden: user.isForbidden,
  isDeleted: false,
  signupApplication: user.application,
  lastSigninTime: user.lastSignInAt?.toISOString() ?? '',
  idCardType: isDocumentType(user.identity.documentType)
    ? documentKindOf(user.identity.documentType).casdoor.word
    : user.identity.documentType,
  idCard: view === 'self' ? user.identity.documentNumber : user.documentNumberMasked,
  realName: user.identity.realName,
  isVerified: countsAsVerified(user, demonstration),
})
