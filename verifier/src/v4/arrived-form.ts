import type { Session } from '../schema.ts'
import { stamp } from './answers.ts'

/**
 * The form of the extra callback of `onAllSteps` (section 3.14): the pictures are here. It names the scan and says nothing of it, since
 * an early callback is no result: no status, no fact, no picture.
 */
export const arrivedForm = (session: Session, now: Date): URLSearchParams =>
  new URLSearchParams({
    callBackType: 'NETVERIFYID',
    jumioIdScanReference: session.id,
    merchantIdScanReference: session.customerReference,
    ...(session.userReference ? { customerId: session.userReference } : {}),
    ...(session.reportingCriteria ? { merchantReportingCriteria: session.reportingCriteria } : {}),
    idScanSource: session.source,
    transactionDate: stamp(session.createdAt),
    callbackDate: stamp(now),
  })
