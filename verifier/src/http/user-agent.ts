/** What HTTP libraries and tools call themselves when nobody told them who is calling. */
const libraries =
  /^(aiohttp|apache-httpclient|axios|curl|dart|faraday|go-http-client|got|guzzlehttp|http_?client|httpie|httpx|insomnia|java|libwww-perl|node|node-fetch|okhttp|postmanruntime|python-requests|python-urllib|python|reqwest|restsharp|ruby|superagent|undici|wget)\b/i

/** Whether a call says which company makes it, as Jumio's documentation asks (wire contract, 2.2): `Company App/1.2.3`. */
export const namesCompany = (userAgent: string | undefined): boolean =>
  userAgent !== undefined && userAgent.trim() !== '' && !libraries.test(userAgent.trim())

/** A `User-Agent` as it is shown to the operator: printable and short. */
export const shownAgent = (userAgent: string | undefined): string =>
  (userAgent ?? '')
    .replace(/[^\x20-\x7e]/g, '?')
    .trim()
    .slice(0, 120) || '(none)'
