import type { EndedBecause, Session } from '../session/schema.ts'
import { wires } from './index.ts'

const causeCodes: Readonly<Record<EndedBecause, string>> = {
  engine_fault: '9400',
  no_camera: '9820',
  no_camera_support: '9822',
  movement_failed: '9821',
  not_sent: '9300',
  page_fault: '9801',
}

/** Why there is nothing to judge, in the codes of sections 3.6 and 4.9; undefined where there is something. */
export const errorCodeOf = (session: Session): string | undefined => {
  switch (session.endedHow) {
    case 'timed_out':
      return session.startedAt ? '9210' : '9200'
    case 'cancelled':
      return session.endedBecause ? causeCodes[session.endedBecause] : wires[session.generation].stoppedCode(session)
    case 'three_tries_used':
      return '9835'
    case 'interrupted':
      return session.endedBecause ? causeCodes[session.endedBecause] : '9100'
    default:
      return undefined
  }
}

/**
 * Where the person goes on, with the parameters that the session's API documents. Null where nobody gave an address for this end: the
 * page is the last one then (section 2.4), so that nobody takes an error for a success.
 * @param errorCode undefined for a success
 */
export const returnAddress = (session: Session, errorCode: string | undefined): string | null => {
  const base = errorCode === undefined ? session.successUrl : session.errorUrl
  if (!base) return null
  const status = errorCode === undefined ? 'SUCCESS' : 'ERROR'
  const parameters = new URLSearchParams(wires[session.generation].returnParameters(session, status))
  if (errorCode !== undefined) parameters.set('errorCode', errorCode)
  // The address keeps its own parameters as they were written.
  const joint = !base.includes('?') ? '?' : /[?&]$/.test(base) ? '' : '&'
  return `${base}${joint}${parameters}`
}
