import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { callOnce, errorOfStatus, type HttpAnswer, jsonOf, retryAfterMsOf } from '../http.ts'
import { type Adapter, ProviderError, type Runtime } from '../port.ts'
import { probe } from '../probe.ts'
import type { AlibabaCloudConfig } from './config.ts'
import { mapBizCode, refusedNumber } from './map.ts'
import { sign } from './sign.ts'

const TIMEOUT_MS = 10_000
const ACTION = 'Id2MetaVerify'
const VERSION = '2019-03-07'

const words = {
  credentialsAccepted: 'The AccessKey is accepted.',
  credentialsRefused: 'This AccessKey is not accepted. Check ID and secret, and that the AccessKey is enabled.',
  forbidden:
    'This AccessKey may not call Id2MetaVerify. Check its permissions, and that the service is activated and paid.',
  otherService: 'Something else answers at this address. Check the endpoint.',
}

/** A code is a number or text, depending on the operation. */
const Answer = z.object({
  Code: z.union([z.string(), z.number()]).transform(String),
  RequestId: z.string().optional(),
  ResultObject: z.object({ BizCode: z.union([z.string(), z.number()]).optional() }).nullish(),
})
type Answer = z.infer<typeof Answer>

/** What a code says that is no success: those of the gateway are words, those of the operation numbers. */
const errorOfCode = (code: string, answer: HttpAnswer): ProviderError => {
  const retryAfterMs = retryAfterMsOf(answer.headers)
  if (/^(InvalidAccessKeyId|SignatureDoesNotMatch|IncompleteSignature|InvalidSecurityToken)/.test(code))
    return new ProviderError('credentials_refused', { retryable: false })
  if (/^Throttling/.test(code)) return new ProviderError('rate_limited', { retryable: true, retryAfterMs })
  // 410 to 412: not activated, no permission, payment overdue.
  if (/^(Forbidden|NoPermission|410|411|412)/.test(code)) return new ProviderError('forbidden', { retryable: false })
  if (/^(500|InternalError|ServiceUnavailable)/.test(code))
    return new ProviderError('server_error', { retryable: false, retryAfterMs })
  return answer.status >= 200 && answer.status < 300
    ? new ProviderError('bad_response', { retryable: false })
    : errorOfStatus(answer.status, answer.headers, false)
}

/** Codes that say "a parameter is missing or invalid": the keys were accepted before. */
const isAboutParameters = ({ read, answer }: { read: Answer; answer: HttpAnswer }): boolean =>
  (answer.status < 300 || answer.status === 400 || answer.status === 401) &&
  /^(400|401|Missing|Invalid(Parameter|.*Format))/.test(read.Code)

/** Calls the operation once. A call is billed, so an ambiguous end is not repeated. @throws {ProviderError} */
const call = async (
  config: AlibabaCloudConfig,
  runtime: Pick<Runtime, 'fetch' | 'now' | 'timeoutMs'>,
  form: Readonly<Record<string, string>>,
): Promise<{ read: Answer; answer: HttpAnswer }> => {
  const { host, origin } = new URL(config.endpoint)
  const signed = sign(
    {
      method: 'POST',
      host,
      action: ACTION,
      version: VERSION,
      query: {},
      form,
      date: runtime.now(),
      nonce: randomUUID(),
    },
    { id: config.accessKeyId, secret: config.accessKeySecret },
  )
  const answer = await callOnce(
    runtime.fetch,
    `${origin}${signed.url}`,
    { method: 'POST', headers: { accept: 'application/json', ...signed.headers }, body: signed.body },
    { timeoutMs: runtime.timeoutMs ?? TIMEOUT_MS, isSafe: false },
  )
  const isSuccess = answer.status >= 200 && answer.status < 300
  const read = Answer.safeParse(isSuccess ? jsonOf(answer) : jsonOrNull(answer))
  if (!read.success)
    throw isSuccess
      ? new ProviderError('bad_response', { retryable: false })
      : errorOfStatus(answer.status, answer.headers, false)
  // A status that is no success outweighs a body that says otherwise.
  if (!isSuccess && read.data.Code === '200') throw errorOfStatus(answer.status, answer.headers, false)
  return { read: read.data, answer }
}

const jsonOrNull = (answer: HttpAnswer): unknown => {
  try {
    return jsonOf(answer)
  } catch {
    return null
  }
}

/** Alibaba Cloud's Id2MetaVerify behind the port: one question, one answer, nothing kept there that could be fetched later. */
export const openAlibabaCloud = (config: AlibabaCloudConfig, runtime: Runtime): Adapter => ({
  async start(order) {
    const { claim } = order
    if (!claim) throw new ProviderError('bad_request', { retryable: false })
    const answered = await call(config, runtime, {
      ParamType: 'normal',
      UserName: claim.realName,
      IdentifyNum: claim.number,
    })
    const { read, answer } = answered
    const isNumberRefused = isAboutParameters(answered)
    if (read.Code !== '200' && !isNumberRefused) throw errorOfCode(read.Code, answer)
    return {
      reference: read.RequestId ?? randomUUID(),
      expiresAt: new Date(runtime.now().getTime() + 60_000),
      next: 'done',
      finding: isNumberRefused ? refusedNumber(order) : mapBizCode(read.ResultObject?.BizCode, claim, order),
    }
  },
  readWebhook: () => null,
  fetchFinding: async () => {
    throw new ProviderError('not_found', { retryable: false })
  },
  // The answer names nobody, and the request is not kept under a reference that could be deleted.
  erase: async () => {},
  // A question without name and number: it is refused after the signature was checked, and is not billed.
  probe: () =>
    probe({
      fetch: runtime.fetch,
      now: runtime.now,
      isHttps: config.endpoint.startsWith('https:'),
      words,
      async ask(fetch) {
        const answered = await call(config, { ...runtime, fetch }, { ParamType: 'normal' })
        if (answered.read.Code !== '200' && !isAboutParameters(answered))
          throw errorOfCode(answered.read.Code, answered.answer)
      },
    }),
})
