/**
 * How a field is called in a sentence about it, by its name in the API. A field that is not listed here is called by its name, written as
 * words: `displayName` becomes "display name".
 */
const fieldLabels: Readonly<Record<string, string>> = {
  action: 'action',
  application: 'application',
  backchannelLogoutUri: 'back-channel logout URL',
  category: 'category',
  code: 'code',
  colour: 'colour',
  current: 'current password',
  cursor: 'cursor',
  decision: 'decision',
  displayName: 'display name',
  documentCountry: 'issuing country',
  documentNumber: 'document number',
  documentType: 'document type',
  email: 'email address',
  emailCode: 'code',
  enableEmailCode: 'sign-in by email code',
  enablePassword: 'sign-in by password',
  enableSignUp: 'sign-up',
  helpContact: 'help contact',
  homepageUrl: 'home page URL',
  id: 'ID',
  isAdmin: 'administrator',
  isForbidden: 'suspended',
  limit: 'page size',
  logo: 'logo URL',
  management: 'management by client secret',
  name: 'name',
  next: 'new password',
  note: 'note',
  organization: 'organization',
  password: 'password',
  phone: 'phone number',
  providers: 'providers',
  realName: 'real name',
  reason: 'reason',
  redirectUris: 'redirect URLs',
  response: 'passkey',
  scopes: 'scopes',
  search: 'search text',
  signUpFields: 'sign-up fields',
  state: 'state',
  target: 'target',
  token: 'link',
  triesPerDay: 'attempts per day',
  requireStaffSecondFactor: 'second factor for administrators',
  type: 'type',
  types: 'event types',
  url: 'URL',
  username: 'username',
}

const asWords = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase()

const LONGEST_NAME = 60

const labelOf = (name: string): string =>
  (Object.hasOwn(fieldLabels, name) ? fieldLabels[name] : undefined) ?? asWords(name.slice(0, LONGEST_NAME))

/**
 * What a sentence calls the field at this path: `displayName` is "display name", `redirectUris.1` is "row 2 of redirect URLs".
 * @param title the name that the field's own schema gives it, which a form shows too
 */
export const fieldLabel = (path: readonly PropertyKey[], title?: string): string => {
  const last = path.at(-1)
  if (typeof last === 'number') {
    const parent = path.slice(0, -1).findLast((step) => typeof step === 'string')
    return `row ${last + 1} of ${parent === undefined ? 'the list' : labelOf(String(parent))}`
  }
  if (title) return title
  return last === undefined ? 'request' : labelOf(String(last))
}
