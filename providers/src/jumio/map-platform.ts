import {
  available,
  type CapabilityEntry,
  capabilityDataOf,
  type DetailsResponse,
  extractionOf,
  outcomePlatform,
  sentAnything,
  wholeDate,
} from '@veridoor/jumio'
import type { CheckResult, DocumentFound, Finding } from '../port.ts'

/** The worst of a capability's entries; none is "not assessed". */
const checkOf = (entries: readonly CapabilityEntry[] = []): CheckResult => {
  const types = entries.map((entry) => entry.decision?.type)
  const executed = types.filter((type) => type !== 'NOT_EXECUTED')
  if (executed.length === 0) return 'not_assessed'
  if (executed.includes('REJECTED')) return 'fail'
  return types.every((type) => type === 'PASSED') ? 'pass' : 'unclear'
}

/** Two checks as one: both must pass, either can fail. */
const both = (a: CheckResult, b: CheckResult): CheckResult =>
  a === b ? a : a === 'fail' || b === 'fail' ? 'fail' : 'unclear'

const documentOf = (details: DetailsResponse): DocumentFound => {
  const read = extractionOf(details)
  const found: Record<string, string | undefined> = {
    type: available(read?.type),
    country: available(read?.issuingCountry),
    number: available(read?.documentNumber),
    firstName: available(read?.firstName),
    lastName: available(read?.lastName),
    dateOfBirth: wholeDate(read?.dateOfBirth, read?.dateOfBirthParts),
    expiry: wholeDate(read?.expiryDate, read?.expiryDateParts),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

/** A service of this wire that does not look at liveness says so beside its label; Jumio itself never does. */
const livenessCheck = (details: DetailsResponse): CheckResult =>
  capabilityDataOf(details, 'liveness').some(({ type }) => type === 'NOT_ASSESSED')
    ? 'not_assessed'
    : checkOf(details.capabilities.liveness)

/** Their JSON to our finding (contract section 5.2). Pure; what is unknown becomes `unclear` and `review`. */
export const mapPlatform = (
  details: DetailsResponse,
  asked: { readonly workflowKey: string; readonly faceRequired: boolean },
): Finding => {
  const judged = outcomePlatform(details, asked)
  if (judged.outcome === 'pending') return { state: 'pending' }
  const { capabilities, workflow } = details
  const ofDocument = capabilities.usability?.filter((entry) =>
    entry.credentials.some((credential) => credential.category === 'ID'),
  )
  return {
    state: 'final',
    outcome: judged.outcome,
    nothingSent: judged.outcome === 'expired' && !sentAnything(details),
    reasons: judged.reasons.map((code) => ({ code, values: {} })),
    staffReasons: judged.codes,
    checks: {
      document: both(checkOf(capabilities.imageChecks), checkOf(capabilities.dataChecks)),
      readable: checkOf(ofDocument),
      face: checkOf(capabilities.similarity ?? capabilities.authentication),
      liveness: livenessCheck(details),
    },
    document: documentOf(details),
    specimen: false,
    echoed: {
      verificationReference: workflow.customerInternalReference ?? null,
      subjectReference: workflow.userReference ?? null,
    },
  }
}
