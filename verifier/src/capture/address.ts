/**
 * The address of a check's page. English is what nobody asked for: then the language of the person's browser counts.
 *
 * @param isOrdered the call itself named the locale
 */
export const captureAddress = (url: string, token: string, locale: string, isOrdered: boolean): string =>
  `${url}/capture/?authorizationToken=${token}${isOrdered || locale !== 'en' ? `&locale=${locale}` : ''}`
