import { Refusal } from '@veridoor/contract'

const schemeOf = (address: string): string => (URL.canParse(address) ? new URL(address).protocol : '')

/** Schemes that a browser runs or shows as our own page when someone follows the link. */
const isScript = (address: string): boolean => /^(javascript|data|vbscript|blob|file|about):$/.test(schemeOf(address))

/**
 * Pages link to these addresses: an administrator of one organization must not be able to put a script behind the button
 * that its people press. Pictures and home pages are web addresses; redirects may have an app's own scheme.
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
  const wrong = [
    ...(isWeb(input.logo) ? [] : ['logo']),
    ...(isWeb(input.homepageUrl ?? '') ? [] : ['homepageUrl']),
    ...(isWeb(input.backchannelLogoutUri ?? '') ? [] : ['backchannelLogoutUri']),
    ...(input.redirectUris ?? []).flatMap((address, index) => (isScript(address) ? [`redirectUris.${index}`] : [])),
  ]
  if (wrong.length > 0)
    throw new Refusal('INVALID_INPUT', {
      fields: wrong.map((path) => ({ path, message: 'An address that begins with https://' })),
    })
}
