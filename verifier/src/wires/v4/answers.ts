import type { PictureSource, Session } from '../../session/schema.ts'
import { timestamp } from '../wire.ts'
import type { V4Result } from './result.ts'

/** How a document came, in the words of section 3.7. */
const sources: Readonly<Record<PictureSource, string>> = {
  page: 'WEB',
  camera: 'WEB_CAM',
  upload: 'WEB_UPLOAD',
  api: 'API',
}
/** How the document of a session came. */
export const sourceOf = ({ source }: Session): string => sources[source]

/** The `transaction` of a result (section 3.11). What the client did not send is left out. */
export type V4Transaction = {
  readonly status: string
  readonly source: string
  readonly date: string
  readonly customerId?: string
  readonly merchantScanReference: string
  readonly merchantReportingCriteria?: string
  readonly clientIp?: string
}
export const transactionOf = (session: Session): V4Transaction => ({
  status: session.state,
  source: sourceOf(session),
  date: timestamp(session.createdAt),
  ...(session.userReference ? { customerId: session.userReference } : {}),
  merchantScanReference: session.customerReference,
  ...(session.reportingCriteria ? { merchantReportingCriteria: session.reportingCriteria } : {}),
  ...(session.clientIp ? { clientIp: session.clientIp } : {}),
})

/** `GET …/scans/{ref}/data`: an empty document while nothing is decided. */
export const dataAnswer = (session: Session, result: V4Result | null, now: Date) => {
  const isDecided = session.state !== 'PENDING'
  return {
    timestamp: timestamp(now),
    scanReference: session.id,
    document: (isDecided && result?.document) || {},
    transaction: transactionOf(session),
    ...(isDecided && result?.verification ? { verification: result.verification } : {}),
  }
}
