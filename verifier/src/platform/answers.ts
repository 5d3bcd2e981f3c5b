import type { PlatformSession, Session } from '../schema.ts'
import { stamp } from '../v4/answers.ts'
import type { V4Result } from '../v4/result.ts'
import { entryId, judged } from './capabilities.ts'
import { type Category, workflowOf } from './workflows.ts'

/** A session of the Platform generation. */
export type PlatformRow = Session & { readonly platform: PlatformSession }
/** False for sessions of Netverify v4. */
export const isPlatform = (session: Session): session is PlatformRow => session.platform !== null

/** Where a session stands, in the Platform's words (section 4.1). */
export const executionStatus = (session: Session): string => {
  // What we could not finish is processed, and says that it is our fault (section 5.2, rule 4).
  if (session.state === 'DONE' || session.endedHow === 'interrupted') return 'PROCESSED'
  if (session.state === 'FAILED') return session.startedAt ? 'SESSION_EXPIRED' : 'TOKEN_EXPIRED'
  return session.phase === 'checking' ? 'ACQUIRED' : 'INITIATED'
}

/** Path of the person's account, from the host's root (wire contract, 4.4). */
export const accountPath = (session: PlatformRow): string => `/api/v1/accounts/${session.platform.account}`
/** Path of the transaction, from the host's root (wire contract, 4.12). */
export const executionPath = (session: PlatformRow): string =>
  `${accountPath(session)}/workflow-executions/${session.id}`

/** What every answer about a transaction's parts begins with. */
export const headOf = (session: PlatformRow, now: Date): Record<string, unknown> => ({
  timestamp: stamp(now),
  account: { id: session.platform.account },
  workflowExecution: { id: session.id },
})

/** `GET …/status`, and the core of a callback. */
export const statusAnswer = (session: PlatformRow, url: string): Record<string, unknown> => ({
  account: { id: session.platform.account, href: url + accountPath(session) },
  workflowExecution: {
    id: session.id,
    href: url + executionPath(session),
    definitionKey: session.platform.key,
    status: executionStatus(session),
  },
})

/** A callback: ids and a status, no verdict, no personal data (section 4.10). */
export const callbackBody = (session: PlatformRow, url: string, now: Date): string =>
  JSON.stringify({
    callbackSentAt: stamp(now),
    ...(session.userReference ? { userReference: session.userReference } : {}),
    ...statusAnswer(session, url),
  })

/** Names of what a credential has, of the files that are kept. */
const partsOf = (session: PlatformRow, category: Category, kept: readonly string[]): string[] => {
  const has = (part: 'front' | 'back' | 'selfie'): boolean => kept.includes(part)
  switch (category) {
    case 'ID':
      return [...(has('front') ? ['FRONT'] : []), ...(has('back') ? ['BACK'] : [])]
    case 'SELFIE':
      return has('selfie') ? ['FACE'] : []
    case 'FACEMAP':
      return session.livenessOutcome === 'passed' ? ['FACEMAP'] : []
    case 'DATA':
      return session.platform.hasData ? ['PREPARED_DATA'] : []
  }
}

/** @param kept names of the session's files */
export const detailsAnswer = (
  session: PlatformRow,
  result: V4Result | null,
  { url, kept }: { url: string; kept: readonly string[] },
): Record<string, unknown> => {
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
    account: { id: session.platform.account },
    createdAt: stamp(session.createdAt),
    ...(session.startedAt ? { startedAt: stamp(session.startedAt) } : {}),
    ...(isFinal ? { completedAt: stamp(session.endedAt ?? session.updatedAt) } : {}),
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
    ...(isFinal && result ? judged(session, session.platform, result, status) : {}),
    ...(session.erasedAt ? { wipedOutAt: stamp(session.erasedAt) } : {}),
    ...(session.platform.wiped?.decision ? { decision: session.platform.wiped.decision } : {}),
    ...(hasSteps(session) && !session.erasedAt ? { steps: { href: `${url}${executionPath(session)}/steps` } } : {}),
  }
}

/** Workflows of the older kind have neither steps nor a decision of the whole (section 4.16). */
export const hasSteps = (session: PlatformRow): boolean => workflowOf(session.platform.key)?.hasDecision === true

/** `GET …/steps`: one step, as identity checks have (section 4.15). */
export const stepsAnswer = (session: PlatformRow, result: V4Result | null): Record<string, unknown> => {
  if (session.state === 'PENDING' || !result) return { steps: [] }
  const { decision, capabilities } = judged(session, session.platform, result, executionStatus(session))
  const ids = (Object.values(capabilities) as { id: string }[][]).flatMap((entries) => entries.map(({ id }) => id))
  return { steps: [{ id: entryId(session, 0xff), name: 'ID_IV', capabilityIds: ids, decision }] }
}

/** What `POST /api/v1/accounts` answers, and each upload (sections 4.6, 4.7). */
export const apiOf = (session: PlatformRow, credential: string, category: string, token: string, url: string) => {
  const at = (part: string): string => `${url}${executionPath(session)}/credentials/${credential}/parts/${part}`
  return {
    token,
    parts:
      category === 'ID'
        ? { front: at('FRONT'), back: at('BACK') }
        : category === 'DATA'
          ? { prepared_data: at('PREPARED_DATA') }
          : { face: at('FACE') },
    workflowExecution: url + executionPath(session),
  }
}
