import type { FinalFinding, Order, OrderClaim } from '../port.ts'

const found = (
  outcome: FinalFinding['outcome'],
  reasons: FinalFinding['reasons'],
  staffReason: string,
  order: Pick<Order, 'verificationReference' | 'subjectReference'>,
): FinalFinding => ({
  state: 'final',
  outcome,
  nothingSent: false,
  reasons,
  staffReasons: [staffReason],
  checks: { document: 'not_assessed', readable: 'not_assessed', face: 'not_assessed', liveness: 'not_assessed' },
  document: {},
  specimen: false,
  // The answer came in the same exchange as the question, so it can be about nobody else.
  echoed: { verificationReference: order.verificationReference, subjectReference: order.subjectReference },
})

/**
 * `ResultObject.BizCode` to a finding: 1 the register has this name with this number, 2 it has another name, 3 it has no such entry.
 * Pure; everything else is for a person.
 */
export const mapBizCode = (
  bizCode: unknown,
  claim: OrderClaim,
  order: Pick<Order, 'verificationReference' | 'subjectReference'>,
): FinalFinding => {
  switch (String(bizCode)) {
    case '1':
      return {
        ...found('approved', [], 'register:match', order),
        // The register holds the number and the name. Neither a document nor a face was seen.
        checks: { document: 'pass', readable: 'pass', face: 'not_assessed', liveness: 'not_assessed' },
        document: { type: 'ID_CARD', country: 'CHN', number: claim.number, lastName: claim.realName },
      }
    case '2':
      return found('rejected', [{ code: 'register_differs', values: {} }], 'register:mismatch', order)
    case '3':
      return found('retry', [{ code: 'register_unknown', values: {} }], 'register:no_record', order)
    default:
      return found('review', [{ code: 'under_review', values: {} }], 'register:unknown', order)
  }
}

/** The number does not have the form of a resident identity number, so the register was not asked. */
export const refusedNumber = (order: Pick<Order, 'verificationReference' | 'subjectReference'>): FinalFinding =>
  found('retry', [{ code: 'register_unknown', values: {} }], 'register:number_invalid', order)

/** The codes above in words, for reviewers. */
export const staffWords: Readonly<Record<string, string>> = {
  'register:match':
    'The register has this name with this number. Nobody has shown that the account belongs to that person: make sure of it before you approve.',
  'register:mismatch': 'The register has another name with this number.',
  'register:no_record': 'The register has no entry with this number.',
  'register:number_invalid': 'The number does not have the form of a resident identity number.',
  'register:unknown': 'Alibaba Cloud sent a result that is not known here.',
}
