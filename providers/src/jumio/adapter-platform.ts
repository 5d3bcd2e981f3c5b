import {
  createPlatformClient,
  createTokenCache,
  type Execution,
  JumioError,
  outcomeOfStatus,
  type PlatformOptions,
  readPlatformCallback,
} from '@veridoor/jumio'
import { type Adapter, type Finding, ProviderError, pictureSides, type Runtime } from '../port.ts'
import { accountRequestOf } from './account-request.ts'
import { isFromKnownSource, isOfMediaType } from './callback-source.ts'
import { asksForFacePlatform, hostsOf, type JumioConfig, userAgentOf } from './config.ts'
import { translating } from './faults.ts'
import { mapPlatform } from './map-platform.ts'
import { pictureOfSide } from './picture.ts'
import { probe } from './probe.ts'

const TIMEOUT_MS = 15_000

/** Both ids as one reference: `account/workflow`. */
const referenceOf = ({ accountId, workflowExecutionId }: Execution): string => `${accountId}/${workflowExecutionId}`
const executionOf = (reference: string): Execution => {
  const [accountId = '', workflowExecutionId = ''] = reference.split('/')
  return { accountId, workflowExecutionId }
}

/** Details of an expired transaction may be gone; the status alone says then what it was (contract section 4.12). */
const expiredFinding = (status: string): Finding => ({
  state: 'final',
  outcome: 'expired',
  nothingSent: status === 'TOKEN_EXPIRED',
  reasons: [{ code: status === 'TOKEN_EXPIRED' ? 'nothing_sent' : 'timed_out', values: {} }],
  staffReasons: [status],
  checks: { document: 'not_assessed', readable: 'not_assessed', face: 'not_assessed', liveness: 'not_assessed' },
  document: {},
  specimen: false,
  echoed: { verificationReference: null, subjectReference: null },
})

/** The Jumio Platform behind the port. Each check is an account of its own there, so erasing it erases the person. */
export const openPlatform = (config: JumioConfig, runtime: Runtime): Adapter => {
  const hosts = hostsOf(config)
  const options: PlatformOptions = {
    hosts,
    token: config.clientId,
    secret: config.clientSecret,
    userAgent: userAgentOf(config),
    fetch: runtime.fetch,
    timeoutMs: runtime.timeoutMs ?? TIMEOUT_MS,
    ...(runtime.sleep ? { sleep: runtime.sleep } : {}),
  }
  const client = createPlatformClient(options)
  const asked = { workflowKey: config.workflowKey, faceRequired: asksForFacePlatform(config) }
  return {
    start: (order) =>
      translating(async () => {
        const started = await client.createAccount(accountRequestOf(config, order))
        // A workflow without the web channel has no page to send the person to.
        if (!started.web) throw new ProviderError('bad_response', { retryable: false })
        return {
          reference: referenceOf({
            accountId: started.account.id,
            workflowExecutionId: started.workflowExecution.id,
          }),
          next: 'redirect',
          url: started.web.href,
          expiresAt: new Date(runtime.now().getTime() + config.tokenLifetimeMin * 60_000),
        }
      }),
    readWebhook(webhook) {
      if (!isFromKnownSource(config, webhook)) return null
      if (!isOfMediaType(webhook, 'application/json')) return null
      const callback = readPlatformCallback(new TextDecoder().decode(webhook.body))
      return callback && { reference: referenceOf(callback) }
    },
    fetchFinding: (reference) =>
      translating(async () => {
        const execution = executionOf(reference)
        const { status } = (await client.status(execution)).workflowExecution
        const outcome = outcomeOfStatus(status)
        if (outcome === 'pending' || status === undefined) return { state: 'pending' }
        try {
          return mapPlatform(await client.details(execution), asked)
        } catch (error) {
          if (outcome === 'expired' && error instanceof JumioError && error.code === 'not_found')
            return expiredFinding(status)
          throw error
        }
      }),
    fetchPictures: (reference) =>
      translating(async () => {
        const execution = executionOf(reference)
        const { credentials } = await client.details(execution)
        const found = credentials.flatMap(({ id, parts }) => parts.map(({ classifier }) => ({ id, classifier })))
        const wanted = pictureSides.flatMap((side) => {
          const part = found.find(({ classifier }) => classifier?.toLowerCase() === side)
          return part?.id && part.classifier ? [{ side, id: part.id, classifier: part.classifier }] : []
        })
        return Promise.all(
          wanted.map(async ({ side, id, classifier }) =>
            pictureOfSide(side, await client.picture(execution.accountId, id, classifier)),
          ),
        )
      }),
    erase: (reference) => translating(() => client.eraseAccount(executionOf(reference).accountId)),
    // A transaction that cannot exist: "not found" proves the token, the right to read, and creates nothing.
    probe: () =>
      probe({
        fetch: runtime.fetch,
        now: runtime.now,
        isHttps: hosts.auth.startsWith('https:'),
        async ask(fetch, lastPath) {
          const nobody = { accountId: crypto.randomUUID(), workflowExecutionId: crypto.randomUUID() }
          try {
            await createPlatformClient({ ...options, fetch, tokens: createTokenCache() }).status(nobody)
          } catch (error) {
            if (!(error instanceof JumioError && error.code === 'not_found' && lastPath().endsWith('/status')))
              throw error
          }
        },
      }),
  }
}
