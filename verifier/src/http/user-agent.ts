/** What HTTP libraries and tools call themselves when nobody told them who is calling. */
const libraries =
  /^(aiohttp|apache-httpclient|axios|curl|dart|faraday|go-http-client|got|guzzlehttp|http_?client|httpie|httpx|insomnia|java|libwww-perl|node|node-fetch|okhttp|postmanruntime|python-requests|python-urllib|python|reqwest|restsharp|ruby|superagent|undici|wget)\b/i

/** Whether a call says which company makes it, as both generations ask for (section 2.2): `Company App/1.2.3`. */
export const namesCompany = (userAgent: string | undefined): boolean =>
  userAgent !== undefined && userAgent.trim() !== '' && !libraries.test(userAgent.trim())

/** What calls that name no company are told (wire contract, 2.2). */
export const USER_AGENT_NEEDED = 'a User-Agent header that names your company is required, such as Acme Shop/1.0'
