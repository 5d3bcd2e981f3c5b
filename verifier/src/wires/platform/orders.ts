import { type AccountRequest, checkAccount } from '@veridoor/jumio'
import { knownLocale } from '../../clients/client-settings.ts'
import { consentShape } from '../consent-shape.ts'
import { date, list, normalizeOrder, object, type Shape, text, upper } from '../normalize.ts'

const trimmed: Shape = { kind: 'text', read: (value) => value.trim() }
const choice = object({ predefinedType: upper, values: list(upper) })
/** A locale that is not served counts as absent: the client's own, or the browser's, is used. */
const locale: Shape = { kind: 'text', read: (word) => knownLocale(word.trim()) ?? '' }

const accountShape = object({
  customerInternalReference: text,
  userReference: text,
  reportingCriteria: text,
  callbackUrl: text,
  tokenLifetime: { kind: 'text', as: 'lower' },
  workflowDefinition: object({
    key: trimmed,
    credentials: list(object({ id: text, category: upper, label: text, country: choice, type: choice })),
  }),
  web: object({ successUrl: text, errorUrl: text, locale }),
  userConsent: consentShape,
})

/** Reads an account call (section 4.4). `capabilities` change nothing here. @throws {JumioError} `invalid_input` with the fields' names */
export const readAccount = (body: unknown, allowLoopback: boolean): AccountRequest =>
  checkAccount(normalizeOrder(body, accountShape) as AccountRequest, allowLoopback, { anyReference: true })

const preparedShape = object({
  firstName: text,
  lastName: text,
  dateOfBirth: date,
  id: object({ idNumber: text, expiryDate: date }),
})

/** Reads `PREPARED_DATA` (section 4.7) for its schema; an empty body has no members. */
export const normalizePreparedData = (body: unknown): unknown => normalizeOrder(body, preparedShape)
