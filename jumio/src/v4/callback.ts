import { z } from 'zod'
import { available, listOf, OptionalText, parseEmbedded } from '../values.ts'
import { type DataResponse, IdentityVerification, RejectReason } from './schemas.ts'

/**
 * A callback of Netverify v4: a form of text fields, some holding JSON (section 3.7). Nothing authenticates it, so it names a
 * transaction and may be shown; decide on what retrieval says.
 */
export type V4Callback = {
  readonly type: string
  readonly reference: string
  readonly customerInternalReference: string | undefined
  readonly userReference: string | undefined
  /** The same shape as retrieval gives, so that both are judged by the same rules. */
  readonly data: DataResponse
  /** Every other field as it was sent, placeholders left out, JSON inside a value read (section 3.7). Personal data. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** Form values that hold JSON. */
const jsonFields = [
  'rejectReason',
  'identityVerification',
  'idAddress',
  'dateOfBirthParts',
  'expiryDateParts',
  'issuingDateParts',
  'livenessImages',
  'dlCategories',
]
/** One thing or several on the wire, always a list here. */
const listFields = ['livenessImages', 'dlCategories']

const fieldOf = (name: string, text: string): unknown => {
  if (!jsonFields.includes(name)) return available(text)
  const value = parseEmbedded(text)
  return listFields.includes(name) ? listOf(value) : value
}

/** Reads a callback body, or null when it is none. @param body the form as it came, percent-encoded */
export const readV4Callback = (body: string): V4Callback | null => {
  const form = new URLSearchParams(body)
  const field = (name: string): string | undefined => form.get(name) ?? undefined
  const reference = field('jumioIdScanReference') ?? field('scanReference')
  if (!reference || !/^[\w-]{1,100}$/.test(reference)) return null
  const embedded = <T>(
    name: string,
    schema: { safeParse(value: unknown): { success: boolean; data?: T } },
  ): T | undefined => {
    const result = schema.safeParse(parseEmbedded(field(name)))
    return result.success ? result.data : undefined
  }
  const parts = (name: string): { year?: string; month?: string; day?: string } | undefined => {
    const value = parseEmbedded(field(name))
    return typeof value === 'object' && value !== null ? value : undefined
  }
  const status = field('verificationStatus')
  const rejectReason = embedded('rejectReason', RejectReason)
  const identityVerification = embedded('identityVerification', IdentityVerification)
  const birth = parts('dateOfBirthParts')
  const expiry = parts('expiryDateParts')
  return {
    type: field('callBackType') ?? '',
    reference,
    customerInternalReference: field('merchantIdScanReference'),
    userReference: field('customerId'),
    fields: Object.fromEntries(
      [...form].map(([name, text]) => [name, fieldOf(name, text)]).filter(([, value]) => value !== undefined),
    ),
    data: {
      timestamp: field('callbackDate'),
      scanReference: reference,
      document: {
        status,
        type: available(field('idType')),
        idSubtype: available(field('idSubtype')),
        issuingCountry: available(field('idCountry')),
        firstName: available(field('idFirstName')),
        lastName: available(field('idLastName')),
        dob: available(field('idDob')),
        expiry: available(field('idExpiry')),
        issuingDate: available(field('issuingDate')),
        number: available(field('idNumber')),
        personalNumber: available(field('personalNumber')),
        usState: available(field('idUsState')),
        gender: available(field('gender')),
        nationality: available(field('nationality')),
        ...(birth ? { dateOfBirthParts: { year: birth.year, month: birth.month, day: birth.day } } : {}),
        ...(expiry ? { expiryDateParts: { year: expiry.year, month: expiry.month, day: expiry.day } } : {}),
      },
      transaction: {
        // A callback with a verdict is about a finished transaction; nothing sent means a failed one (section 3.1).
        status: status === 'NO_ID_UPLOADED' ? 'FAILED' : status ? 'DONE' : undefined,
        source: field('idScanSource')?.replace('WEB-CAM', 'WEB_CAM'),
        date: field('transactionDate'),
        clientIp: field('clientIp'),
        customerId: field('customerId'),
        merchantScanReference: field('merchantIdScanReference'),
        merchantReportingCriteria: field('merchantReportingCriteria'),
        updatedAt: undefined,
      },
      verification: {
        mrzCheck: field('idCheckMRZcode') === 'OK' ? 'OK' : 'NOT_AVAILABLE',
        ...(rejectReason ? { rejectReason } : {}),
        ...(identityVerification ? { identityVerification } : {}),
      },
    },
  }
}

/** What the return address says; undefined where it leaves something out. */
export type V4Redirect = {
  readonly status: 'SUCCESS' | 'ERROR' | 'unknown'
  readonly reference: string | undefined
  readonly customerInternalReference: string | undefined
  readonly errorCode: string | undefined
}

/** Parameters of the return address (section 3.6): unsigned, editable by the person, so for display only. */
export const readV4Redirect = (query: URLSearchParams): V4Redirect => {
  const status = query.get('transactionStatus')
  return {
    status: status === 'SUCCESS' || status === 'ERROR' ? status : 'unknown',
    reference: query.get('transactionReference') ?? undefined,
    customerInternalReference: query.get('customerInternalReference') ?? undefined,
    errorCode: query.get('errorCode') ?? undefined,
  }
}

/** What Jumio's page says of itself. `success`: pictures were taken in, no more. */
export type BrowserMessage = {
  readonly event: 'loaded' | 'success' | 'error'
  readonly reference: string | undefined
  readonly errorCode: string | undefined
}

/**
 * A message that Jumio's page posts to the page around it, in either generation (sections 3.5 and 4.9), or null when it is
 * another script's. Check `event.origin` first; for display only.
 * @param data `event.data`: JSON as text
 */
export const readBrowserMessage = (data: unknown): BrowserMessage | null => {
  const read = Message.safeParse(typeof data === 'string' ? parseEmbedded(data) : undefined)
  if (!read.success) return null
  const { transactionReference, workflowExecutionId, payload } = read.data
  return {
    event: payload.value,
    reference: transactionReference ?? workflowExecutionId,
    errorCode: payload.metainfo?.code,
  }
}
const Message = z.object({
  eventType: z.coerce.number().refine((type) => type === 510),
  transactionReference: OptionalText,
  workflowExecutionId: OptionalText,
  payload: z.object({
    value: z.enum(['loaded', 'success', 'error']),
    metainfo: z.object({ code: OptionalText }).nullish(),
  }),
})
