import type Provider from 'oidc-provider'
import type { Client } from 'oidc-provider'

/** An address on the device itself without its port; undefined for any other address (RFC 8252, section 7.3). */
const withoutLoopbackPort = (address: string): string | undefined => {
  const match = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::\d{1,5})?($|[/?].*$)/i.exec(address)
  return match && URL.canParse(address) && !address.includes('#') ? `${match[1]}${match[2]}` : undefined
}

/** Whether an address is one of a list, whatever port of the device it names. */
export const matchesLoopback = (address: string, registered: readonly string[]): boolean => {
  const bare = withoutLoopbackPort(address)
  return bare !== undefined && registered.some((each) => withoutLoopbackPort(each) === bare)
}

/**
 * Apps on a device listen at a port that the system gives them: their addresses match whatever port is named. The protocol library allows
 * it to clients of the type "native" alone, whose other addresses must then be an app's as well; here any public client may.
 */
export const allowLoopbackPorts = (provider: Provider): void => {
  const prototype = provider.Client.prototype as Client
  for (const [method, list] of [
    ['redirectUriAllowed', 'redirectUris'],
    ['postLogoutRedirectUriAllowed', 'postLogoutRedirectUris'],
  ] as const) {
    const isAllowed = prototype[method]
    prototype[method] = function (this: Client, address: string): boolean {
      const isApp = this.tokenEndpointAuthMethod === 'none' || this.applicationType === 'native'
      return isAllowed.call(this, address) || (isApp && matchesLoopback(address, this[list] ?? []))
    }
  }
}
