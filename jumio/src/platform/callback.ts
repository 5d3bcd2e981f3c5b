import { PlatformCallbackBody } from './schemas.ts'

/** A callback of the Platform: ids and a status, no verdict, no personal data (section 4.10). Its `href`s are not read. */
export type PlatformCallback = {
  readonly accountId: string
  readonly workflowExecutionId: string
  readonly status: string | undefined
  readonly definitionKey: string | undefined
  readonly userReference: string | undefined
  /** Older ones than the last processed are stale. */
  readonly sentAt: Date | undefined
}

/** Reads a callback body, or null when it is none. Nothing authenticates it: fetch the details of the ids *you* stored. */
export const readPlatformCallback = (body: string): PlatformCallback | null => {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return null
  }
  const read = PlatformCallbackBody.safeParse(value)
  if (!read.success) return null
  const { account, workflowExecution, userReference, callbackSentAt } = read.data
  // Zero to three fraction digits occur; a real parser takes them all.
  const sentAt = new Date(callbackSentAt ?? Number.NaN)
  return {
    accountId: account.id,
    workflowExecutionId: workflowExecution.id,
    status: workflowExecution.status,
    definitionKey: workflowExecution.definitionKey,
    userReference,
    sentAt: Number.isNaN(sentAt.getTime()) ? undefined : sentAt,
  }
}

/** What the return address says; undefined where it leaves something out. */
export type PlatformRedirect = {
  readonly status: 'SUCCESS' | 'ERROR' | 'unknown'
  readonly accountId: string | undefined
  readonly workflowExecutionId: string | undefined
  readonly customerInternalReference: string | undefined
  readonly errorCode: string | undefined
}

/** Parameters of the return address (section 4.9), of the page and of the web component: for display only. */
export const readPlatformRedirect = (query: URLSearchParams): PlatformRedirect => {
  const status = query.get('acquisitionStatus') ?? query.get('transactionStatus')
  return {
    status: status === 'SUCCESS' || status === 'ERROR' ? status : 'unknown',
    accountId: query.get('accountId') ?? undefined,
    workflowExecutionId: query.get('workflowExecutionId') ?? query.get('transactionReference') ?? undefined,
    customerInternalReference: query.get('customerInternalReference') ?? undefined,
    // Since 0.3.6 the component says it under another name.
    errorCode: query.get('errorCode') ?? query.get('publicErrorCode') ?? undefined,
  }
}
