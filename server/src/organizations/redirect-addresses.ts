/** Hosts that name the device itself (RFC 8252, sections 7.3 and 8.3). */
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Schemes that a browser runs or shows as a page of ours, or that cannot carry an answer. */
const FORBIDDEN_SCHEMES: ReadonlySet<string> = new Set(
  ['javascript', 'data', 'vbscript', 'blob', 'file', 'filesystem', 'about', 'view-source', 'ws', 'wss', 'ftp'].map(
    (scheme) => `${scheme}:`,
  ),
)

const MAXIMUM_LENGTH = 2000

/** Whether an address belongs to the app on the device alone: it has a scheme of its own (RFC 8252, section 7.1). */
export const isPrivateUseScheme = (address: string): boolean => !/^https?:/i.test(address)

/** Whether a list of addresses is one of a native app. */
export const isNativeApp = (addresses: readonly string[]): boolean => addresses.some(isPrivateUseScheme)

const faultOfWebAddress = (address: string, url: URL, isNative: boolean): string | undefined => {
  if (!/^https?:\/\/[^/\\]/i.test(address)) return 'Write the whole address, with https:// and the host.'
  if (url.username !== '' || url.password !== '') return 'Remove the user name and the password from this address.'
  const isLoopback = LOOPBACK_HOSTS.has(url.hostname)
  if (isNative && isLoopback === (url.protocol === 'https:'))
    return 'Beside an address of an app, use http:// for the device itself (localhost), https:// for any other.'
  return undefined
}

/**
 * What is wrong with an address that an application wants people sent back to, or undefined. Addresses are compared exactly (RFC 9700,
 * section 2.1), so what can never match is refused when it is saved: patterns, fragments (RFC 6749, section 3.1.2), relative addresses.
 *
 * @param isNative whether the application has an address of a private-use scheme beside it
 */
export const redirectAddressFault = (address: string, isNative: boolean): string | undefined => {
  if (address.length > MAXIMUM_LENGTH) return `Use at most ${MAXIMUM_LENGTH} characters.`
  if (/[\s\p{Cc}\p{Cf}]/u.test(address)) return 'Remove the spaces and invisible characters.'
  if (address.includes('#')) return 'Remove the fragment, the part from # on.'
  if (/[*^|<>"`{}\\]/.test(address))
    return 'Patterns and wildcards do not work here. Add each address on a row of its own.'
  const url = /^[a-z][a-z0-9+.-]*:/i.test(address) ? URL.parse(address) : null
  if (!url) return 'Write the whole address, with https:// and the host.'
  if (FORBIDDEN_SCHEMES.has(url.protocol)) return `Addresses with ${url.protocol} do not work here. Use https://.`
  return isPrivateUseScheme(address) ? undefined : faultOfWebAddress(address, url, isNative)
}

/** Rows as they are kept: without the space around them, without empty rows, each once. */
export const tidyAddresses = (rows: readonly string[]): string[] => [
  ...new Set(rows.map((row) => row.trim()).filter((row) => row !== '')),
]

/** The rows that can be used. One that is stored and wrong stops none of the others. */
export const usableAddresses = (rows: readonly string[], isNative = isNativeApp(rows)): string[] =>
  tidyAddresses(rows).filter((row) => redirectAddressFault(row, isNative) === undefined)
