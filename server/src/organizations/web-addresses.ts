import { ApiError } from '@veridoor/contract'

const schemeOf = (address: string): string => (URL.canParse(address) ? new URL(address).protocol : '')

/** Schemes that a browser runs or shows as our own page when someone follows the link. */
const isScript = (address: string): boolean => /^(javascript|data|vbscript|blob|file|about):$/.test(schemeOf(address))

/** The device itself is reached over plain HTTP, anything else over HTTPS: what an app on a device may have beside its own scheme. */
const isWrongForApp = (address: string): boolean => {
  const scheme = schemeOf(address)
  if (scheme !== 'http:' && scheme !== 'https:') return false
  const isDevice = /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(address).hostname)
  return isDevice === (scheme === 'https:')
}

const WEB_ADDRESS = 'An address that begins with https://'
const BESIDE_AN_APP =
  'Beside an address of an app, use http:// for the device itself (localhost), https:// for any other'

/**
 * Pages link to these addresses: an administrator of one organization must not be able to put a script behind the button
 * that its people press. Pictures and home pages are web addresses; redirects may have an app's own scheme, and then the others go to
 * the device itself over plain HTTP, or elsewhere over HTTPS (RFC 8252, section 7).
 *
 * @throws {ApiError} INVALID_INPUT naming the field
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
  const named = (['logo', 'homepageUrl', 'backchannelLogoutUri'] as const).filter((name) => !isWeb(input[name] ?? ''))
  const wrong = [
    ...named.map((path) => ({ path, message: WEB_ADDRESS })),
    ...redirects.flatMap((address, index) => {
      const path = `redirectUris.${index}`
      if (isScript(address)) return [{ path, message: WEB_ADDRESS }]
      return isApp && isWrongForApp(address) ? [{ path, message: BESIDE_AN_APP }] : []
    }),
  ]
  if (wrong.length > 0) throw new ApiError('INVALID_INPUT', { fields: wrong })
}
