/**
 * Where a person goes to be checked: the link's token, and the language where the call or the client chose one. Without it the page
 * speaks the language of the person's browser.
 */
export const captureAddress = (url: string, token: string, locale: string | null): string => {
  const language = locale ? `&locale=${locale}` : ''
  return `${url}/capture/?authorizationToken=${token}${language}`
}
