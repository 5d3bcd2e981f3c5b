import { z } from 'zod'
import {
  Address,
  countrySpecials,
  LicenceCategories,
  listOf,
  OptionalText,
  RareText,
  rareTexts,
  Text,
} from '../values.ts'

/** The result of a workflow (sections 4.12 to 4.17), read tolerantly: labels grow over time. */

const Decision = z.object({
  type: OptionalText,
  details: z.object({ label: OptionalText }).nullish(),
  risk: z.object({ score: z.coerce.number().nullish() }).nullish(),
})

const Parts = z.object({ year: OptionalText, month: OptionalText, day: OptionalText })

/** What was read of a document (section 4.17). Values may be placeholders: see `available`. */
export const ExtractionData = z.object({
  type: OptionalText,
  subType: OptionalText,
  issuingCountry: OptionalText,
  firstName: OptionalText,
  lastName: OptionalText,
  dateOfBirth: OptionalText,
  expiryDate: OptionalText,
  issuingDate: OptionalText,
  documentNumber: OptionalText,
  personalNumber: OptionalText,
  state: OptionalText,
  gender: OptionalText,
  nationality: OptionalText,
  placeOfBirth: OptionalText,
  /** A number in the documentation, text in traffic. */
  currentAge: OptionalText,
  dateOfBirthParts: Parts.nullish(),
  expiryDateParts: Parts.nullish(),
  issuingDateParts: Parts.nullish(),
  address: Address.nullish(),
  ...rareTexts(['issuingAuthority', 'issuingPlace', 'optionalMrzField1', 'optionalMrzField2', 'nfcValidationResult']),
  /** The same in another script; its shape is not documented. */
  additionalLanguage: z.unknown().optional(),
  dlCategories: LicenceCategories,
  ...rareTexts(countrySpecials),
})
export type ExtractionData = z.infer<typeof ExtractionData>

const one = <T extends z.ZodType>(schema: T) =>
  z
    .union([z.array(schema), schema])
    .nullish()
    .transform((value) => listOf(value))

/** One entry of a capability; several are normal (one per credential, more after a retry). */
export const CapabilityEntry = z.object({
  id: OptionalText,
  // Tables call it an object, traffic shows an array; screening may have none.
  credentials: one(z.object({ id: OptionalText, category: OptionalText })),
  decision: Decision.nullish(),
  data: z.record(z.string(), z.unknown()).nullish(),
  /** Liveness: a link to the face map for later sign-ins. Never followed; `client.picture` builds its own address. */
  validFaceMapForAuthentication: RareText,
})
export type CapabilityEntry = z.infer<typeof CapabilityEntry>

/** A whole result (section 4.12). Links are not read. */
export const DetailsResponse = z.object({
  workflow: z.object({
    id: z.string(),
    status: OptionalText,
    definitionKey: Text.optional(),
    userReference: OptionalText,
    customerInternalReference: OptionalText,
    originalDefinitionKey: OptionalText,
    reportingCriteria: OptionalText,
    parentId: OptionalText,
    childIds: one(Text).optional(),
  }),
  account: z.object({ id: z.string() }),
  createdAt: OptionalText,
  startedAt: OptionalText,
  completedAt: OptionalText,
  /** Set when the data were deleted; the decision stays. */
  wipedOutAt: OptionalText,
  credentials: one(
    z.object({
      id: OptionalText,
      category: OptionalText,
      ...rareTexts(['label', 'clientIp']),
      parts: one(z.object({ classifier: OptionalText, captureType: RareText })),
      reusableIdentity: z.object(rareTexts(['status', 'source'])).nullish(),
      consent: z.object(rareTexts(['decisionAccepted', 'collectedBy'])).nullish(),
    }),
  ),
  /** Set when you reported fraud. */
  feedback: z.object(rareTexts(['status', 'reason'])).nullish(),
  /** Absent in workflows of the older kind. */
  decision: Decision.nullish(),
  capabilities: z
    .record(z.string(), one(CapabilityEntry))
    .nullish()
    .transform((value): Record<string, CapabilityEntry[]> => value ?? {}),
})
export type DetailsResponse = z.infer<typeof DetailsResponse>

/** The steps of a workflow and their decisions (section 4.15). */
export const StepsResponse = z.object({
  steps: z.array(
    z.object({
      id: Text,
      name: z.string(),
      capabilityIds: z.array(z.string()).default([]),
      decision: Decision.nullish(),
    }),
  ),
})
export type StepsResponse = z.infer<typeof StepsResponse>

/** Not documented (section 4.15): any object. */
export const RulesResponse = z.record(z.string(), z.unknown())
export type RulesResponse = z.infer<typeof RulesResponse>

/** What was read from the document: the first extraction that passed. */
export const extractionOf = (details: DetailsResponse): ExtractionData | undefined => {
  const passed = details.capabilities.extraction?.find((entry) => entry.decision?.type === 'PASSED' && entry.data)
  const read = passed && ExtractionData.safeParse(passed.data)
  return read?.success ? read.data : undefined
}
