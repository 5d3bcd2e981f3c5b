import { Refusal } from '@veridoor/contract'

const schemeOf = (address: string): string => (URL.canParse(address) ? new URL(address).protocol : '')

/** Schemes that a browser runs or shows as our own page when someone follows the link. */
const isScript = (address: string): boolean => /^(javascript|data|vbscript|blob|file|about):$/.test(schemeOf(address))

/** Plain HTTP to another machine. */
const isPlain = (address: string): boolean =>
  schemeOf(address) === 'http:' && !/^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(address).hostname)

/**
 * Pages link to these addresses: an administrator of one organization must not be able to put a script behind the button
 * that its people press. Pictures and home pages are web addresses; redirects may have an app's own scheme, and then none goes over
 * plain HTTP, except to the device itself (RFC 8252, section 7).
 *
 * @throws {Refusal} INVALID_INPUT naming the field
 */
export const assertWebAddresses = (input: {
  logo: string
  homepageUrl?: string
  redirectUris?: string[]
  backchannelLogoutUri?: string
}): void => {
  const isWeb = (address: string): boolean => address === '' || /^https?:$/.test(schemeOf(address))
  const redirects = input.redirectUris ?? []
  const isApp = redirects.some((address) => !/^https?:$/.test(schemeOf(address)))
  const wrong = [
    ...(isWeb(input.logo) ? [] : ['logo']),
    ...(isWeb(input.homepageUrl ?? '') ? [] : ['homepageUrl']),
    ...(isWeb(input.backchannelLogoutUri ?? '') ? [] : ['backchannelLogoutUri']),
    ...redirects.flatMap((address, index) =>
      isScript(address) || (isApp && isPlain(address)) ? [`redirectUris.${index}`] : [],
    ),
  ]
  if (wrong.length > 0)
    throw new Refusal('INVALID_INPUT', {
      fields: wrong.map((path) => ({ path, message: 'An address that begins with https://' })),
    })
}
