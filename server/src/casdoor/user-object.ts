import { type DocumentType, documentKindOf, documentKinds, isDocumentType } from '@veridoor/contract'
import { countsAsVerified, type User } from '../accounts/index.ts'
import { foldFieldName, passThroughFields } from './body.ts'
import { CasdoorError } from './envelope.ts'

/** How much of a person a caller sees. Only the person sees the whole document number. */
export type View = 'self' | 'staff'

/** Fields that the server owns: what clients send for them is ignored. */
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
/** Fields that would hold secrets: never stored and never returned. */
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
/** Fields that are columns of an account. */
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
/** Other names of what is stored encrypted, and never in clear beside it. */
const documents = ['documentNumber', 'idCardNumber', 'idNumber', 'passportNumber', 'documentType']
const ownFields: ReadonlySet<string> = new Set([...serverOwned, ...secrets, ...columns, ...documents])

/** Pictures of documents, and a mark on them: not stored here, since they would look like those of the check. */
const pictures: readonly string[] = ['idCardFront', 'idCardBack', 'idCardWithPerson', 'isIdCardVerified']

const notInProperties: ReadonlySet<string> = new Set(
  [...pictures, ...documents, 'idCard', 'idCardType', 'realName', 'password'].map(foldFieldName),
)

/** Fields of a person that are only stored and returned. @throws {CasdoorError} when they are too large */
export const passThroughUserFields = (body: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const fields = passThroughFields(body, ownFields, 'user')
  const { properties } = fields
  if (typeof properties !== 'object' || properties === null) return fields
  const rest = Object.entries(properties).filter(([name]) => !notInProperties.has(foldFieldName(name)))
  return { ...fields, properties: Object.fromEntries(rest) }
}

/** Fields by which applications decide what a person may do: people cannot write their own. */
const administratorFields: ReadonlySet<string> = new Set(
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
  ].map(foldFieldName),
)

/** Fields that people may write of their own account. Some clients read fields in any case. @throws {CasdoorError} when they are too large */
export const selfWritableFields = (body: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(passThroughUserFields(body)).filter(([key]) => !administratorFields.has(foldFieldName(key))),
  )

/** A document type in any of the spellings that Casdoor's clients use. @throws {CasdoorError} for an unknown one: it is never guessed */
export const parseDocumentType = (text: string): DocumentType | '' => {
  const word = text
    .trim()
    .toUpperCase()
    .replaceAll(/[\s-]+/g, '_')
  if (word === '') return ''
  const known =
    documentKinds.find(({ id, casdoor }) => casdoor.word === word || id === word) ??
    documentKinds.find(({ casdoor }) => casdoor.spellings.test(word))
  if (known) return known.id
  throw new CasdoorError(
    `idCardType must be one of ${documentKinds.map(({ casdoor }) => casdoor.word).join(', ')}`,
    'INVALID_INPUT',
  )
}

/** A person as Casdoor's clients know them, with every field that a client stored. */
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
