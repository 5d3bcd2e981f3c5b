import type { Session } from '../../session/schema.ts'
import type { Wire } from '../wire.ts'
import { callbackBody, executionStatus } from './answers.ts'
import { judged } from './capabilities.ts'
import { asPlatform, type PlatformSession } from './state.ts'

const platformOf = (session: Session): PlatformSession => {
  const platform = asPlatform(session)
  if (!platform) throw new Error('a session of another API')
  return platform
}

/** The Platform (wire contract, section 4). */
export const platformWire: Wire = {
  name: 'Platform',
  finished: (session, _verdict, { url, now }) => ({
    contentType: 'application/json',
    body: callbackBody(platformOf(session), url, now),
  }),
  status: executionStatus,
  // Section 4.14: ids and the decision are told until the account is deleted.
  erased: (given, verdict, isWhole) => {
    const session = platformOf(given)
    const { key, hasConsent, credentials } = session.platform
    const state = { key, hasConsent, credentials: credentials.map(({ id, category }) => ({ id, category })) }
    if (isWhole) return { wireState: state, isDecisionKept: false }
    const decision = verdict && (judged(session, verdict, executionStatus(session)).decision ?? null)
    return { wireState: { ...state, kept: { decision } }, isDecisionKept: true }
  },
  returnParameters: (session, status) => ({
    accountId: platformOf(session).account,
    workflowExecutionId: session.id,
    acquisitionStatus: status,
    customerInternalReference: session.customerReference,
  }),
  // No code says "stopped by the person": the session is over, or it has no consent.
  stoppedCode: (session) => (session.consentAt ? '9210' : '9301'),
  // The Platform has no result of an earlier attempt (section 4.1).
  leftAs: () => 'expired',
}
