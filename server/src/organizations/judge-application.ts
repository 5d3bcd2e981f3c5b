import { ApiError } from '@veridoor/contract'
import { isNativeApp, redirectAddressFault, tidyAddresses } from './redirect-addresses.ts'
import { assertWebAddresses } from './web-addresses.ts'

type FieldFault = { readonly path: string; readonly message: string }

/** Settings of an application that depend on each other, as they would stand after a change. */
export type JudgedSettings = {
  readonly logo: string
  readonly homepageUrl: string
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris: readonly string[]
  readonly backchannelLogoutUri: string
  readonly isPublic: boolean
  readonly clientAuthentication: string
  readonly jwks: { readonly keys: readonly Record<string, unknown>[] } | null
  readonly jwksUri: string
  readonly securityProfile: string
}

/** The private members of each kind of key (RFC 7518, section 6; RFC 8037, section 2). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']
/** The members that make a public key of each kind. */
const publicMembers: Readonly<Record<string, readonly string[]>> = {
  RSA: ['n', 'e'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
}

const keyFaultOf = (key: Record<string, unknown>): string | undefined => {
  if (PRIVATE_MEMBERS.some((name) => key[name] !== undefined))
    return 'Remove the private part of this key. Only public keys belong here.'
  const members = publicMembers[String(key.kty)]
  if (!members) return 'Use keys of the types RSA, EC or OKP.'
  const isWhole = members.every((name) => typeof key[name] === 'string' && key[name] !== '')
  return isWhole ? undefined : `A key of type ${String(key.kty)} needs ${members.join(', ')}.`
}

const addressFaults = (
  path: 'redirectUris' | 'postLogoutRedirectUris',
  rows: readonly string[],
  isNative: boolean,
): FieldFault[] =>
  rows.flatMap((row, index) => {
    const address = row.trim()
    const message = address === '' ? undefined : redirectAddressFault(address, isNative)
    return message === undefined ? [] : [{ path: `${path}.${index}`, message }]
  })

const keyFaults = ({ jwks, jwksUri }: JudgedSettings): FieldFault[] => {
  const faults = (jwks?.keys ?? []).flatMap((key, index) => {
    const message = keyFaultOf(key)
    return message === undefined ? [] : [{ path: `jwks.keys.${index}`, message }]
  })
  if (jwks && jwksUri !== '') faults.push({ path: 'jwksUri', message: 'Give the keys or their address, not both.' })
  return faults
}

/** Whether the application proves itself by a key of its own: chosen, or demanded by FAPI 2.0 (section 5.3.2.1). */
export const usesKeys = (settings: Pick<JudgedSettings, 'clientAuthentication' | 'securityProfile'>): boolean =>
  settings.clientAuthentication === 'private_key_jwt' || settings.securityProfile === 'fapi2'

const profileFaults = (settings: JudgedSettings): FieldFault[] => {
  if (!usesKeys(settings)) return []
  const isFapi = settings.securityProfile === 'fapi2'
  const field = isFapi ? 'securityProfile' : 'clientAuthentication'
  const faults: FieldFault[] = []
  if (settings.isPublic) faults.push({ path: field, message: 'A public client has no key of its own to prove itself.' })
  if (!settings.jwks && settings.jwksUri === '')
    faults.push({ path: 'jwks', message: 'Add the public keys of the application, or the address where it has them.' })
  if (isFapi)
    for (const [index, row] of settings.redirectUris.entries())
      if (/^http:/i.test(row.trim()) && !/^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])[:/]/i.test(row.trim()))
        faults.push({ path: `redirectUris.${index}`, message: 'FAPI 2.0 allows only addresses with https://.' })
  return faults
}

/**
 * Judges what an administrator saves, so that nothing wrong is found out by people who sign in.
 *
 * @returns the addresses as they are kept
 * @throws {ApiError} INVALID_INPUT naming each field or row
 */
export const judgeApplication = (
  settings: JudgedSettings,
): { readonly redirectUris: string[]; readonly postLogoutRedirectUris: string[] } => {
  assertWebAddresses(settings)
  const isNative = isNativeApp(tidyAddresses(settings.redirectUris))
  const faults = [
    ...addressFaults('redirectUris', settings.redirectUris, isNative),
    ...addressFaults('postLogoutRedirectUris', settings.postLogoutRedirectUris, isNative),
    ...(settings.backchannelLogoutUri.includes('#')
      ? [{ path: 'backchannelLogoutUri', message: 'Remove the fragment, the part from # on.' }]
      : []),
    ...keyFaults(settings),
    ...profileFaults(settings),
  ]
  if (faults.length > 0) throw new ApiError('INVALID_INPUT', { fields: faults })
  return {
    redirectUris: tidyAddresses(settings.redirectUris),
    postLogoutRedirectUris: tidyAddresses(settings.postLogoutRedirectUris),
  }
}
