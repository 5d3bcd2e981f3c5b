/**
 * Calls as public clients of Jumio's API make them, by client family: their headers, their JSON, what they write for members that
 * they do not set. Values are made up.
 */
export type RecordedRequest = {
  /** The family of the client, by its HTTP library. */
  readonly family: string
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** How the call is authenticated; `body`: the credentials are in it, as `{token}` and `{secret}`. */
  readonly by: 'basic' | 'bearer' | 'body' | 'upload'
}

const json = (value: unknown): string => JSON.stringify(value)
const initiate = (
  family: string,
  name: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): RecordedRequest => ({ family, name, method: 'POST', path: '/api/v4/initiate', headers, body, by: 'basic' })
const account = (
  family: string,
  name: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): RecordedRequest => ({ family, name, method: 'POST', path: '/api/v1/accounts', headers, body, by: 'bearer' })
const token = (
  family: string,
  name: string,
  headers: Readonly<Record<string, string>>,
  { body, query = '', by = 'basic' as 'basic' | 'body' }: { body?: string; query?: string; by?: 'basic' | 'body' },
): RecordedRequest => ({
  family,
  name,
  method: 'POST',
  path: `/oauth2/token${query}`,
  headers,
  by,
  ...(body === undefined ? {} : { body }),
})

const python = { 'User-Agent': 'python-requests/2.31.0', 'Accept-Encoding': 'gzip, deflate', Accept: '*/*' }
const java = { 'User-Agent': 'Java/17.0.1', Accept: 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2' }
const go = { 'User-Agent': 'Go-http-client/1.1', 'Accept-Encoding': 'gzip' }
const php = { 'User-Agent': 'GuzzleHttp/7' }
const ruby = { 'User-Agent': 'Faraday v2.7.4', Accept: '*/*' }
const dotnet = { Accept: 'application/json, text/json, text/x-json, text/javascript' }
const node = { 'User-Agent': 'axios/1.7.2', Accept: 'application/json, text/plain, */*' }
const own = { 'User-Agent': 'Veridoor/0.2', Accept: 'application/json' }
const form = 'application/x-www-form-urlencoded'
const references = { customerInternalReference: 'order-1', userReference: 'user-1' }

/** A JPEG header of 1300 by 900 pixels and some bytes. */
export const picture = Buffer.concat([
  Buffer.from('ffd8ffc00011080384051403012200021101031101', 'hex'),
  Buffer.alloc(400, 7),
])

/** A form with one file; .NET writes names without quotes, and the boundary with them. */
export const multipart = (style: 'quoted' | 'bare' | 'lf'): { type: string; body: Buffer } => {
  const boundary = '----boundary7MA4YWxk'
  const end = style === 'lf' ? '\n' : '\r\n'
  const disposition =
    style === 'bare'
      ? "form-data; name=file; filename=front.jpg; filename*=utf-8''front.jpg"
      : 'form-data; name="file"; filename="front.jpg"'
  const head = [`--${boundary}`, `Content-Disposition: ${disposition}`, 'Content-Type: image/jpeg', '', ''].join(end)
  const body = Buffer.concat([Buffer.from(head), picture, Buffer.from(`${end}--${boundary}--${end}`)])
  const type =
    style === 'bare' ? `multipart/form-data; boundary="${boundary}"` : `Multipart/Form-Data; boundary=${boundary}`
  return { type, body }
}

/** Calls that open a session or ask for a token. All of them are answered 200. */
export const recordedRequests: readonly RecordedRequest[] = [
  initiate(
    'python-requests',
    'json=',
    { ...python, 'Content-Type': 'application/json' },
    json({ ...references, workflowId: 200, locale: null, presets: null }),
  ),
  initiate('python-requests', 'data=json.dumps, no media type', python, json({ ...references, workflowId: '200' })),
  initiate(
    'python-requests',
    'an e-mail address as reference',
    { ...python, 'Content-Type': 'application/json' },
    json({ customerInternalReference: 'a@b.example', userReference: 'ada@acme.example' }),
  ),
  token(
    'python-requests',
    'grant in the body',
    { ...python, 'Content-Type': form },
    { body: 'grant_type=client_credentials' },
  ),
  account(
    'python-requests',
    'isoformat times',
    { ...python, 'Content-Type': 'application/json' },
    json({
      ...references,
      workflowDefinition: { key: '10164', credentials: [] },
      userConsent: {
        userIp: '203.0.113.9',
        userLocation: { country: 'aut' },
        consent: { obtained: true, obtainedAt: '2026-11-24T10:00:00.123456+00:00' },
      },
    }),
  ),

  initiate(
    'java',
    'HttpURLConnection',
    { ...java, 'Content-Type': 'application/json; charset=UTF-8' },
    json({ ...references, reportingCriteria: '', successUrl: '', tokenLifetimeInMinutes: 30 }),
  ),
  initiate(
    'java',
    'Apache HttpClient, numbers as text',
    { 'User-Agent': 'Apache-HttpClient/4.5.14 (Java/11.0.20)', 'Content-Type': 'APPLICATION/JSON;charset=utf-8' },
    json({
      ...references,
      workflowId: '100',
      tokenLifetimeInMinutes: '60',
      presets: [{ index: '1', country: 'AUT', type: 'passport' }],
    }),
  ),
  token(
    'java',
    'grant in the query, empty body',
    { ...java, 'Content-Type': form },
    { query: '?grant_type=client_credentials', body: '' },
  ),
  account(
    'java',
    'nulls for what is not set',
    { ...java, 'Content-Type': 'application/json' },
    json({
      ...references,
      callbackUrl: null,
      tokenLifetime: null,
      reportingCriteria: null,
      web: { successUrl: null, errorUrl: null, locale: null },
      userConsent: null,
      workflowDefinition: { key: 10164, credentials: null, capabilities: null },
    }),
  ),

  initiate(
    'go',
    'zero values of a struct',
    { ...go, 'Content-Type': 'application/json' },
    json({
      ...references,
      reportingCriteria: '',
      successUrl: '',
      errorUrl: '',
      callbackUrl: '',
      workflowId: 200,
      presets: null,
      locale: '',
    }),
  ),
  account(
    'go',
    'zero times and nil slices',
    { ...go, 'Content-Type': 'application/json' },
    json({
      ...references,
      tokenLifetime: '',
      workflowDefinition: { key: 3, credentials: null, capabilities: {} },
      userConsent: {
        userIp: '203.0.113.9',
        userLocation: { country: 'AUT', state: '' },
        consent: { obtained: 'yes', obtainedAt: '2026-11-24T10:00:00Z' },
      },
      createdAt: '0001-01-01T00:00:00Z',
    }),
  ),
  token(
    'go',
    'golang.org/x/oauth2, pair in the body',
    { ...go, 'Content-Type': form },
    { by: 'body', body: 'client_id={token}&client_secret={secret}&grant_type=client_credentials' },
  ),

  initiate(
    'php',
    'Guzzle json',
    { ...php, 'Content-Type': 'application/json' },
    json({ ...references, presets: [], workflowId: '201' }),
  ),
  initiate(
    'php',
    'curl without a media type of its own',
    { Accept: '*/*', 'Content-Type': form },
    json({ customerInternalReference: 12345, userReference: 67890 }),
  ),
  account(
    'php',
    'empty arrays for empty maps',
    { ...php, 'Content-Type': 'application/json' },
    json({
      ...references,
      web: [],
      userConsent: [],
      workflowDefinition: { key: '10011', credentials: [], capabilities: [] },
    }),
  ),
  account(
    'php',
    'lists with kept indexes',
    { ...php, 'Content-Type': 'application/json' },
    json({
      ...references,
      workflowDefinition: {
        key: 2,
        credentials: {
          0: {
            category: 'id',
            country: { values: 'AUT' },
            type: { values: ['ID_CARD'], predefinedType: 'recommended' },
          },
        },
      },
    }),
  ),
  token(
    'php',
    'grant as JSON',
    { ...php, 'Content-Type': 'application/json' },
    { body: json({ grant_type: 'client_credentials' }) },
  ),

  initiate(
    'ruby',
    'Faraday',
    { ...ruby, 'Content-Type': 'application/json' },
    json({ ...references, userReference: 42, locale: 'en_US' }),
  ),
  initiate(
    'ruby',
    'Net::HTTP',
    { 'User-Agent': 'Ruby', Accept: '*/*', 'Content-Type': 'application/json;charset=utf-8' },
    json({ ...references, errorUrl: null, presets: { index: 1, country: 'DEU', type: 'ID_CARD' } }),
  ),
  account(
    'ruby',
    'symbols as text',
    { ...ruby, 'Content-Type': 'application/json' },
    json({ ...references, workflowDefinition: { key: ' 10164 ' }, tokenLifetime: '30M' }),
  ),

  initiate(
    '.net',
    'HttpClient without a User-Agent',
    { ...dotnet, 'Content-Type': 'application/json; charset=utf-8' },
    `\uFEFF${json({ ...references, workflowId: 202, unknownMember: { a: [1, 2] } })}`,
  ),
  initiate(
    '.net',
    'RestSharp',
    { 'User-Agent': 'RestSharp/110.2.0.0', ...dotnet, 'Content-Type': 'application/json' },
    json({ ...references, tokenLifetimeInMinutes: '30.0' }),
  ),
  token(
    '.net',
    'FormUrlEncodedContent',
    { 'Content-Type': `${form}; charset=utf-8` },
    { body: 'grant_type=client_credentials' },
  ),
  account(
    '.net',
    'default times',
    { ...dotnet, 'Content-Type': 'application/json; charset=utf-8' },
    json({
      ...references,
      workflowDefinition: { key: 10164 },
      userConsent: {
        userIp: '203.0.113.9',
        userLocation: { country: 'AUT' },
        consent: { obtained: 'na', obtainedAt: '0001-01-01T00:00:00' },
      },
    }),
  ),

  initiate(
    'node',
    'axios',
    { ...node, 'Content-Type': 'application/json' },
    json({ ...references, customerInternalReference: '‘naïve’ / <ref>', workflowId: 101 }),
  ),
  initiate(
    'node',
    'undici',
    { 'user-agent': 'undici', 'content-type': 'application/json' },
    '{"customerInternalReference":12345678901234567890,"userReference":"u"}',
  ),
  token(
    'node',
    'URLSearchParams',
    { 'User-Agent': 'node', 'Content-Type': `${form};charset=UTF-8` },
    { body: 'grant_type=client_credentials' },
  ),

  initiate(
    'veridoor',
    'own client',
    { ...own, 'Content-Type': 'application/json' },
    json({ ...references, workflowId: 200, tokenLifetimeInMinutes: 30 }),
  ),
  account(
    'veridoor',
    'own client',
    { ...own, 'Content-Type': 'application/json' },
    json({ ...references, workflowDefinition: { key: 10164 } }),
  ),
]
