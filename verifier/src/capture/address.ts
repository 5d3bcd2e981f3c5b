/** The address of a check's page. Without a locale, ordered or set, the language of the person's browser counts. */
export const captureAddress = (url: string, token: string, locale: string | null): string =>
  `${url}/capture/?authorizationToken=${token}${locale ? `&locale=${locale}` : ''}`
