import { multipart, picture, type RecordedRequest, recordedRequests } from './requests.ts'

/** One call and its answer. */
export type InteropResult = {
  readonly family: string
  readonly name: string
  readonly status: number
  readonly passed: boolean
  /** The start of the answer, where it was not the expected one. */
  readonly detail?: string
}
type Credentials = { readonly token: string; readonly secret: string }
type Answer = { readonly status: number; readonly text: string }

const send = async (
  url: string,
  request: RecordedRequest,
  authorization: string | null,
  body = request.body,
): Promise<Answer> => {
  const answer = await fetch(url + request.path, {
    method: request.method,
    headers: { ...request.headers, ...(authorization ? { authorization } : {}) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? Buffer.from(body) : new Uint8Array(body) }),
  })
  return { status: answer.status, text: await answer.text() }
}

const basicOf = ({ token, secret }: Credentials): string =>
  `Basic ${Buffer.from(`${token}:${secret}`).toString('base64')}`

const resultOf = ({ family, name }: RecordedRequest, { status, text }: Answer): InteropResult => ({
  family,
  name,
  status,
  passed: status === 200,
  ...(status === 200 ? {} : { detail: text.slice(0, 200) }),
})

/** Sends a part of a transaction in each way that clients send it. */
const sendParts = async (url: string, bearer: string): Promise<InteropResult[]> => {
  const opened = await fetch(`${url}/api/v1/accounts`, {
    method: 'POST',
    headers: { authorization: bearer, 'content-type': 'application/json' },
    body: JSON.stringify({ customerInternalReference: 'parts', workflowDefinition: { key: 2 } }),
  })
  const { workflowExecution } = (await opened.json()) as {
    workflowExecution: { credentials: { api: { token: string; parts: { front: string } } }[] }
  }
  const api = workflowExecution.credentials[0]?.api
  if (!api) throw new Error('no credential')
  const ways = [
    { family: '.net', name: 'a form with bare names', ...multipart('bare') },
    { family: 'java', name: 'a form', ...multipart('quoted') },
    { family: 'ruby', name: 'a form with line feeds', ...multipart('lf') },
    { family: 'go', name: 'the picture itself', type: 'image/jpeg', body: picture },
  ]
  const results: InteropResult[] = []
  for (const { family, name, type, body } of ways) {
    const path = new URL(api.parts.front).pathname
    const request: RecordedRequest = {
      family,
      name,
      method: 'POST',
      path,
      headers: { 'Content-Type': type },
      body,
      by: 'upload',
    }
    results.push(resultOf(request, await send(url, request, `bearer ${api.token}`)))
  }
  return results
}

/** Drives a verifier with every recorded call. @param url its address */
export const runInterop = async (url: string, credentials: Credentials): Promise<InteropResult[]> => {
  const results: InteropResult[] = []
  const basic = basicOf(credentials)
  const granted = await fetch(`${url}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  })
  const { access_token } = (await granted.json()) as { access_token: string }
  const bearer = `Bearer ${access_token}`
  for (const request of recordedRequests) {
    const filled =
      request.by === 'body'
        ? String(request.body)
            .replace('{token}', encodeURIComponent(credentials.token))
            .replace('{secret}', encodeURIComponent(credentials.secret))
        : request.body
    const authorization = request.by === 'basic' ? basic : request.by === 'bearer' ? bearer : null
    results.push(resultOf(request, await send(url, request, authorization, filled)))
  }
  return [...results, ...(await sendParts(url, bearer))]
}
