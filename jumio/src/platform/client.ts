import type { z } from 'zod'
import { JumioError } from '../errors.ts'
import {
  type Answer,
  type Call,
  jsonOf,
  PICTURE_LIMIT,
  type Picture,
  parseAnswer,
  pictureOf,
  send,
  type TransportOptions,
  transportOf,
} from '../http.ts'
import { isNear, keepsUrlRules } from '../url-rules.ts'
import { consentFaults } from '../user-consent.ts'
import { holdsEmailAddress, sameReference } from '../values.ts'
import { DetailsResponse, RulesResponse, StepsResponse } from './details.ts'
import type { PlatformHosts } from './hosts.ts'
import {
  AccountRequest,
  AccountResponse,
  ExecutionStatusResponse,
  HealthResponse,
  ReceivedAccountRequest,
  UploadResponse,
} from './schemas.ts'
import { sharedTokens, type TokenCache } from './tokens.ts'

/** What a client of the Platform needs. */
export type PlatformOptions = TransportOptions & {
  /** `hostsOfRegion('eu')`, or `hostsOfBase(address)` for an address of one's own. */
  readonly hosts: PlatformHosts
  /** OAuth client id and secret; the portal still calls them API token and secret. */
  readonly token: string
  readonly secret: string
  /** Shared by all clients of the process when left out. */
  readonly tokens?: TokenCache
}

/** The pair that names a transaction. */
export type Execution = { readonly accountId: string; readonly workflowExecutionId: string }
/** A credential of a transaction, for its pictures (section 4.7). */
export type Upload = Execution & {
  readonly credentialId: string
  /** The transaction's own token (`credentials[].api.token`), not the OAuth token. */
  readonly apiToken: string
}
/** Parts that may be sent by API (section 4.7): face maps come from page and SDK only. */
export type PartClassifier = 'FRONT' | 'BACK' | 'FACE' | 'PREPARED_DATA'

/** Every method: @throws {JumioError} */
export type PlatformClient = {
  /** Opens a transaction for a new person (section 4.4). Never repeated by itself: each success is billable. */
  createAccount(request: AccountRequest): Promise<AccountResponse>
  /** Opens a further transaction for a known person. Never repeated by itself. */
  updateAccount(accountId: string, request: AccountRequest): Promise<AccountResponse>
  status(execution: Execution): Promise<ExecutionStatusResponse>
  /** Decision, capabilities and what was read; fetch it once, when the status is final. */
  details(execution: Execution): Promise<DetailsResponse>
  /** The steps of a workflow and what each decided (section 4.15); older flows have none: `not_found`. */
  steps(execution: Execution): Promise<StepsResponse>
  /** The rules that were applied. Seen in the field, not documented: whatever object comes is given as it is. */
  rules(execution: Execution): Promise<RulesResponse>
  /** The transaction as a PDF file. Seen in the field, not documented: an answer that is no PDF is `bad_response`. */
  report(execution: Execution): Promise<Uint8Array>
  /** One picture, at an address built from ids: links in answers are never followed. */
  picture(accountId: string, credentialId: string, classifier: string): Promise<Picture>
  /**
   * Sends a picture (JPEG or PNG, at most 5 MB), or `PREPARED_DATA` as an object, over the API channel (section 4.7).
   * @param how.replace the part is there already and gives way to this one
   */
  uploadPart(
    upload: Upload,
    classifier: PartClassifier,
    content: Picture | Readonly<Record<string, unknown>>,
    how?: { readonly replace?: boolean },
  ): Promise<UploadResponse>
  /** Says that all parts are there; without it the transaction expires (section 4.8). */
  finalize(execution: Execution & { readonly apiToken: string }): Promise<void>
  /** Deletes the data of one transaction for good. Gone already counts as done. */
  eraseExecution(execution: Execution): Promise<void>
  /** Deletes every transaction of the person. */
  eraseAccount(accountId: string): Promise<void>
  /** Jumio's own word on its state; needs no credentials. */
  health(): Promise<HealthResponse>
}

/** The smallest of the limits that Jumio's guides name over the years: what keeps it is taken everywhere (section 4.7). */
const UPLOAD_LIMIT = 5 * 1_048_576

/** A part's body. @throws {JumioError} invalid_input for a picture that is too large or of another kind */
const partOf = (content: Picture | Readonly<Record<string, unknown>>): NonNullable<Call['body']> => {
  const { bytes, contentType } = content
  if (!(bytes instanceof Uint8Array)) return { type: 'application/json', text: JSON.stringify(content) }
  const type = String(contentType)
  if (bytes.length === 0 || bytes.length > UPLOAD_LIMIT) throw new JumioError('invalid_input', { fields: ['bytes'] })
  if (!/^image\/(jpeg|png)$/.test(type)) throw new JumioError('invalid_input', { fields: ['contentType'] })
  const form = new FormData()
  form.set('file', new Blob([Buffer.from(bytes)], { type }), 'part')
  return form
}

/** Checks the documented limits before anything is sent. @throws {JumioError} invalid_input with the fields' names */
export const checkAccount = (
  request: AccountRequest,
  allowLoopback: boolean,
  options: { anyReference?: boolean } = {},
): AccountRequest => {
  const shape = (options.anyReference ? ReceivedAccountRequest : AccountRequest).safeParse(request)
  const fields = shape.success ? [] : shape.error.issues.map((issue) => issue.path.join('.'))
  const rules = { allowLoopback, maxLength: 255 }
  const addresses: readonly (readonly [string, string | undefined])[] = [
    ['callbackUrl', request.callbackUrl],
    ['web.successUrl', request.web?.successUrl],
    ['web.errorUrl', request.web?.errorUrl],
  ]
  for (const [name, address] of addresses) if (address && !keepsUrlRules(address, rules)) fields.push(name)
  if (shape.success) fields.push(...consentFaults(shape.data.userConsent))
  for (const name of ['customerInternalReference', 'userReference', 'reportingCriteria'] as const)
    if (!options.anyReference && holdsEmailAddress(String(request[name] ?? ''))) fields.push(name)
  if (!shape.success || fields.length > 0) throw new JumioError('invalid_input', { fields: [...new Set(fields)] })
  return shape.data
}

/**
 * A client of the Jumio Platform.
 * @example
 * const jumio = createPlatformClient({ hosts: hostsOfRegion('eu'), token, secret, userAgent: 'Acme Shop/1.0' })
 * const { web, account, workflowExecution } = await jumio.createAccount({ customerInternalReference, workflowDefinition: { key: 10164 } })
 */
export const createPlatformClient = (options: PlatformOptions): PlatformClient => {
  const { hosts } = options
  const transport = transportOf(options, hosts.account)
  const tokens = options.tokens ?? sharedTokens
  const pair = { token: options.token, secret: options.secret }
  const allowLoopback = isNear(hosts.account)
  const segment = (value: string): string => {
    if (!/^[\w-]{1,100}$/.test(value)) throw new JumioError('invalid_input', { fields: ['reference'] })
    return value
  }
  const executionPath = ({ accountId, workflowExecutionId }: Execution): string =>
    `/api/v1/accounts/${segment(accountId)}/workflow-executions/${segment(workflowExecutionId)}`

  /** A refused token may only have ended early: it is dropped, fetched anew once, and the call repeated once. */
  const authorized = async (call: Omit<Call, 'authorization'>): Promise<Answer> => {
    const token = await tokens.get(transport, hosts.auth, pair)
    try {
      return await send(transport, { ...call, authorization: `Bearer ${token}` })
    } catch (error) {
      if (!(error instanceof JumioError) || error.code !== 'unauthorized') throw error
      tokens.drop(token)
      const fresh = await tokens.get(transport, hosts.auth, pair)
      return send(transport, { ...call, authorization: `Bearer ${fresh}` })
    }
  }
  const read = (call: Omit<Call, 'authorization' | 'method' | 'rate'>): Promise<Answer> =>
    authorized({ method: 'GET', rate: 'platform-retrieval', ...call })
  const get = async <S extends z.ZodType>(schema: S, path: string): Promise<z.infer<S>> =>
    parseAnswer(schema, jsonOf(await read({ url: hosts.retrieval + path, tries: 3 })))
  const open = async (method: 'POST' | 'PUT', path: string, request: AccountRequest): Promise<AccountResponse> => {
    const text = JSON.stringify(checkAccount(request, allowLoopback))
    const body = { type: 'application/json', text }
    const answer = await authorized({ method, url: hosts.account + path, body, rate: 'platform-account' })
    return parseAnswer(AccountResponse, jsonOf(answer))
  }
  const erase = async (path: string): Promise<void> => {
    try {
      await authorized({ method: 'DELETE', url: hosts.retrieval + path, tries: 3, rate: 'platform-retrieval' })
    } catch (error) {
      if (!(error instanceof JumioError && error.code === 'not_found')) throw error
    }
  }
  /** An answer about another transaction than the one asked for is no answer. */
  const about = <T>(execution: Execution, found: { account: string; workflow: string }, answer: T): T => {
    if (
      !sameReference(found.account, execution.accountId) ||
      !sameReference(found.workflow, execution.workflowExecutionId)
    )
      throw new JumioError('bad_response', { fields: ['account.id', 'workflow.id'] })
    return answer
  }

  return {
    createAccount: (request) => open('POST', '/api/v1/accounts', request),
    async updateAccount(accountId, request) {
      const opened = await open('PUT', `/api/v1/accounts/${segment(accountId)}`, request)
      if (!sameReference(opened.account.id, accountId)) throw new JumioError('bad_response', { fields: ['account.id'] })
      return opened
    },
    async status(execution) {
      const answer = await get(ExecutionStatusResponse, `${executionPath(execution)}/status`)
      return about(execution, { account: answer.account.id, workflow: answer.workflowExecution.id }, answer)
    },
    async details(execution) {
      const answer = await get(DetailsResponse, executionPath(execution))
      return about(execution, { account: answer.account.id, workflow: answer.workflow.id }, answer)
    },
    steps: async (execution) => get(StepsResponse, `${executionPath(execution)}/steps`),
    rules: async (execution) => get(RulesResponse, `${executionPath(execution)}/rules`),
    async report(execution) {
      const url = `${hosts.retrieval}${executionPath(execution)}/generate`
      const answer = await read({ url, tries: 2, accept: 'application/pdf', maxBytes: PICTURE_LIMIT })
      const isPdf = Buffer.from(answer.bytes.subarray(0, 5)).toString('latin1') === '%PDF-'
      if (!isPdf) throw new JumioError('bad_response', { status: answer.status })
      return answer.bytes
    },
    async picture(accountId, credentialId, classifier) {
      const path = `/api/v1/accounts/${segment(accountId)}/credentials/${segment(credentialId)}/parts/${segment(classifier)}`
      const url = hosts.retrieval + path
      const accept = 'image/jpeg, image/png'
      return pictureOf(await read({ url, tries: 2, accept, maxBytes: PICTURE_LIMIT }))
    },
    async uploadPart(upload, classifier, content, how = {}) {
      const answer = await send(transport, {
        method: how.replace ? 'PUT' : 'POST',
        url: `${hosts.api}${executionPath(upload)}/credentials/${segment(upload.credentialId)}/parts/${segment(classifier)}`,
        authorization: `Bearer ${upload.apiToken}`,
        body: partOf(content),
      })
      const taken = parseAnswer(UploadResponse, jsonOf(answer))
      return about(upload, { account: taken.account.id, workflow: taken.workflowExecution.id }, taken)
    },
    async finalize(execution) {
      const authorization = `Bearer ${execution.apiToken}`
      await send(transport, { method: 'PUT', url: hosts.api + executionPath(execution), authorization })
    },
    eraseExecution: async (execution) => erase(executionPath(execution)),
    eraseAccount: async (accountId) => erase(`/api/v1/accounts/${segment(accountId)}`),
    health: async () =>
      parseAnswer(HealthResponse, jsonOf(await send(transport, { method: 'GET', url: hosts.status, tries: 2 }))),
  }
}
