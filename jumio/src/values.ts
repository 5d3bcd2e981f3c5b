import { z } from 'zod'

/** The literal that stands for "not available", and fillers of the MRZ: never data (section 2.3). */
export const isPlaceholder = (value: string): boolean => /^(n\/a|<*)$/i.test(value.trim())

/** A string that may be a placeholder: absent then. */
export const available = (value: string | undefined | null): string | undefined =>
  value === undefined || value === null || isPlaceholder(value) ? undefined : value.trim()

/** Strict: only true, or "true" in any case. Never JavaScript's truthiness, for which "false" is true. */
export const toBoolean = (value: unknown): boolean =>
  value === true || (typeof value === 'string' && value.trim().toLowerCase() === 'true')

/** One thing, several, or none, as the wire has it: always an array here. */
export const listOf = <T>(value: T | T[] | undefined | null): T[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]

/** Text on the wire: numbers and booleans are accepted where strings are documented. */
export const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String)
/** Text that is kept and handed on as it came: well-formed Unicode (no half of a surrogate pair) without NUL. */
export const KeptText = z
  .string()
  .refine((text) => !text.includes('\0') && !/\p{Cs}/u.test(text), 'text that can be kept')
/** An optional text: `null` counts as absent. */
export const OptionalText = Text.nullish().transform((value) => value ?? undefined)

/** A text that may be left out altogether: what only some documents and accounts have. */
export const RareText = OptionalText.optional()
/** Where people are sent: a page, never a script or a file. */
export const PageAddress = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'the address of a page')
/** Many of them by name. */
export const rareTexts = <const N extends string>(names: readonly N[]): Record<N, typeof RareText> =>
  Object.fromEntries(names.map((name) => [name, RareText])) as Record<N, typeof RareText>

/** Address of a person as printed (sections 3.7 and 4.17). */
export const Address = z.object(
  rareTexts([
    'line1',
    'line2',
    'line3',
    'line4',
    'line5',
    'city',
    'subdivision',
    'postalCode',
    'country',
    'formattedAddress',
  ]),
)
export type Address = z.infer<typeof Address>

/** What only the documents of some countries, or visas, hold; both generations name them alike (sections 3.7 and 4.17). */
export const countrySpecials = [
  'cpf',
  'rgNumber',
  'curp',
  'voterIdNumber',
  'issuingNumber',
  'dni',
  'pesel',
  'taxNumber',
  'personalIdentificationNumber',
  'registrationNumber',
  'laborIdentificationNumber',
  'documentIdentificationNumber',
  'documentCopy',
  'mothersName',
  'fathersName',
  'lastNameAtBirth',
  'citizenship',
  'maritalStatus',
  'religion',
  'remarks',
  'disability',
  'residentPermitType',
  'residentPermitRemarks',
  'passportNumber',
  'durationOfStay',
  'numberOfEntries',
  'visaCategory',
] as const

/** A class of a driving licence. */
export const LicenceCategory = z.object(
  rareTexts(['category', 'issueDate', 'expiryDate', 'isReadable', 'availability']),
)
export type LicenceCategory = z.infer<typeof LicenceCategory>
/** One or several, or none: always a list where there is any. */
export const LicenceCategories = z
  .union([z.array(LicenceCategory), LicenceCategory])
  .nullish()
  .transform(listOf)
  .optional()

/** Faces that Jumio has seen before; ids of transactions, or a word (sections 3.11 and 4.13). */
export const FaceSearch = z.object({
  status: RareText,
  findings: z
    .union([z.array(Text), Text])
    .nullish()
    .transform(listOf),
})
export type FaceSearch = z.infer<typeof FaceSearch>

/** JSON inside a form value, or the object itself; broken JSON counts as absent and leads to review, not to a crash. */
export const parseEmbedded = (value: unknown): unknown => {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/** References are UUID text; compared without case (section 2.3). */
export const sameReference = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase()

/** References are echoed in addresses, callbacks and the portal: an e-mail address is the person's name for themselves, never one. */
export const holdsEmailAddress = (reference: string): boolean => /[^\s@]@[^\s@]+\.[^\s@]/.test(reference)

/** Locales Jumio documents, with hyphens. */
export const locales =
  'ar bg cs da de el en en-GB es es-MX et fi fr he hr hu hy id it ja ka km ko lt ms nl no pl pt pt-BR ro ru sk sv sw th tr vi zh-CN zh-HK'.split(
    ' ',
  )

/** Codes for staff are words; anything else from the wire is not repeated. */
export const staffWord = (value: string | undefined | null): string =>
  value && /^[A-Za-z_]{1,60}$/.test(value) ? value : 'unknown'

/** What our own verifier says a person should look at, as codes for staff. */
export const signalCodes = (signals: readonly string[] | undefined | null): string[] =>
  (signals ?? []).slice(0, 20).map((signal) => `signal:${staffWord(signal)}`)
