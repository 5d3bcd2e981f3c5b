import type { CaptureSide } from '@veridoor/contract'
import type { Session } from '../../session/schema.ts'
import type { Verdict } from '../../session/verdict.ts'
import { timestamp } from '../wire.ts'
import { entryId, judged } from './capabilities.ts'
import type { PlatformSession } from './state.ts'
import { type Category, workflowOf } from './workflows.ts'

/** Where a session stands, in the Platform's words (section 4.1). */
export const executionStatus = (session: Session): string => {
  // A check that this service could not finish counts as processed, and its result says so (section 5.2, rule 4).
  if (session.state === 'DONE' || session.endedHow === 'interrupted') return 'PROCESSED'
  if (session.state === 'FAILED') return session.startedAt ? 'SESSION_EXPIRED' : 'TOKEN_EXPIRED'
  return session.phase === 'checking' ? 'ACQUIRED' : 'INITIATED'
}

/** Path of the person's account, from the host's root (wire contract, 4.4). */
export const accountPath = (session: PlatformSession): string => `/api/v1/accounts/${session.account}`
/** Path of the transaction, from the host's root (wire contract, 4.12). */
export const executionPath = (session: PlatformSession): string =>
  `${accountPath(session)}/workflow-executions/${session.id}`

/** What every answer about a transaction's parts begins with. */
export const headOf = (session: PlatformSession, now: Date) => ({
  timestamp: timestamp(now),
  account: { id: session.account },
  workflowExecution: { id: session.id },
})

/** `GET …/status`, and the core of a callback. */
export const statusAnswer = (session: PlatformSession, url: string) => ({
  account: { id: session.account, href: url + accountPath(session) },
  workflowExecution: {
    id: session.id,
    href: url + executionPath(session),
    definitionKey: session.platform.key,
    status: executionStatus(session),
  },
})

/** A callback: ids and a status, no verdict, no personal data (section 4.10). */
export const callbackBody = (session: PlatformSession, url: string, now: Date): string =>
  JSON.stringify({
    callbackSentAt: timestamp(now),
    ...(session.userReference ? { userReference: session.userReference } : {}),
    ...statusAnswer(session, url),
  })

/** Names of what a credential has, of the files that are kept. */
const partsOf = (session: PlatformSession, category: Category, kept: readonly string[]): string[] => {
  const has = (side: CaptureSide): boolean => kept.includes(side)
  switch (category) {
    case 'ID':
      return [...(has('front') ? ['FRONT'] : []), ...(has('back') ? ['BACK'] : [])]
    case 'SELFIE':
      return has('selfie') ? ['FACE'] : []
    case 'FACEMAP':
      return session.livenessOutcome === 'passed' ? ['FACEMAP'] : []
    case 'DATA':
      return session.hasPreparedData ? ['PREPARED_DATA'] : []
  }
}

/** @param kept names of the session's files */
export const detailsAnswer = (
  session: PlatformSession,
  verdict: Verdict | null,
  { url, kept }: { url: string; kept: readonly string[] },
) => {
  const status = executionStatus(session)
  const isFinal = session.state !== 'PENDING'
  return {
    workflow: {
      id: session.id,
      status,
      definitionKey: session.platform.key,
      ...(session.userReference ? { userReference: session.userReference } : {}),
      customerInternalReference: session.customerReference,
      ...(session.reportingCriteria ? { reportingCriteria: session.reportingCriteria } : {}),
    },
    account: { id: session.account },
    createdAt: timestamp(session.createdAt),
    ...(session.startedAt ? { startedAt: timestamp(session.startedAt) } : {}),
    ...(isFinal ? { completedAt: timestamp(session.endedAt ?? session.updatedAt) } : {}),
    credentials: session.platform.credentials.map(({ id, category, label }) => ({
      id,
      category,
      ...(label ? { label } : {}),
      parts: (session.pictureKey ? partsOf(session, category, kept) : []).map((classifier) => ({
        classifier,
        // The movement check keeps no map that could be fetched.
        ...(classifier === 'FACEMAP'
          ? {}
          : { href: `${url}${accountPath(session)}/credentials/${id}/parts/${classifier}` }),
      })),
    })),
    ...(isFinal && verdict ? judged(session, verdict, status) : {}),
    ...(session.erasedAt ? { wipedOutAt: timestamp(session.erasedAt) } : {}),
    ...(session.platform.kept?.decision ? { decision: session.platform.kept.decision } : {}),
    ...(hasSteps(session) && !session.erasedAt ? { steps: { href: `${url}${executionPath(session)}/steps` } } : {}),
  }
}

/** Workflows of the older kind have neither steps nor a decision of the whole (section 4.16). */
export const hasSteps = (session: PlatformSession): boolean => workflowOf(session.platform.key)?.hasDecision === true

/** `GET …/steps`: one step, as identity checks have (section 4.15). */
export const stepsAnswer = (session: PlatformSession, verdict: Verdict | null) => {
  if (session.state === 'PENDING' || !verdict) return { steps: [] }
  const { decision, capabilities } = judged(session, verdict, executionStatus(session))
  const ids = Object.values(capabilities).flatMap((entries) => entries.map(({ id }) => id))
  return { steps: [{ id: entryId(session, 0xff), name: 'ID_IV', capabilityIds: ids, decision }] }
}

/** What `POST /api/v1/accounts` answers, and each upload (sections 4.6, 4.7). */
export const apiOf = (session: PlatformSession, credential: string, category: string, token: string, url: string) => {
  const addressOf = (part: string): string => `${url}${executionPath(session)}/credentials/${credential}/parts/${part}`
  return {
    token,
    parts:
      category === 'ID'
        ? { front: addressOf('FRONT'), back: addressOf('BACK') }
        : category === 'DATA'
          ? { prepared_data: addressOf('PREPARED_DATA') }
          : { face: addressOf('FACE') },
    workflowExecution: url + executionPath(session),
  }
}
