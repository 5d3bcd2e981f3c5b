import type { Wire } from '../wire.ts'
import { arrivedForm, callbackForm } from './callback-form.ts'
import { toResult } from './result.ts'

const FORM = 'application/x-www-form-urlencoded'

/** Netverify v4 (wire contract, section 3). */
export const v4Wire: Wire = {
  name: 'Netverify v4',
  finished: (session, verdict, context) => ({
    contentType: FORM,
    body: callbackForm(session, toResult(session, verdict), context).toString(),
  }),
  arrived: (session, now) => ({ contentType: FORM, body: arrivedForm(session, now).toString() }),
  status: ({ state }) => state,
  // Section 3.12: a deleted scan answers "not found".
  erased: () => ({ wireState: null, isDecisionKept: false }),
  returnParameters: (session, status) => ({
    transactionStatus: status,
    customerInternalReference: session.customerReference,
    transactionReference: session.id,
  }),
  // No code says "stopped by the person": the session is over.
  stoppedCode: () => '9210',
  leftAs: ({ source, attempt }) => {
    // Pictures that came whole by `performNetverify`, which was cut off before it handed them over.
    if (source === 'api') return 'interrupted'
    return attempt > 1 ? 'previous_attempt' : 'expired'
  },
}
