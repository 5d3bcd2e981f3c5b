import { z } from 'zod'
import { documentTypes } from './documents/index.ts'
import { DocumentNumber, RealName } from './text/fields.ts'

export const DocumentType = z.enum(documentTypes)
export type DocumentType = z.infer<typeof DocumentType>

/** ISO 3166-1 alpha-3, plus XKX (Kosovo) and UTO (Utopia, the state of ICAO's specimens). */
export const CountryCode = z.string().regex(/^[A-Z]{3}$/, 'Country must be three capital letters, like DEU.')

/**
 * What a person says about themself. All three fields may be saved one by one; empty means not given yet.
 */
export const IdentityClaim = z.object({
  documentType: z.union([DocumentType, z.literal('')]).meta({ personal: true }),
  documentNumber: DocumentNumber.meta({ personal: true }),
  realName: RealName.meta({ personal: true }),
  documentCountry: z.union([CountryCode, z.literal('')]),
})
export type IdentityClaim = z.infer<typeof IdentityClaim>

export const identityFields = ['documentType', 'documentNumber', 'realName'] as const
export type IdentityField = (typeof identityFields)[number]

export const identityFieldLabels: Record<IdentityField, string> = {
  documentType: 'ID card type',
  documentNumber: 'ID card number',
  realName: 'Real name',
}

/** Shows the last four characters at most, and never more than half: `••••••4521`. */
export const maskDocumentNumber = (number: string): string => {
  const bare = number.replace(/\s/g, '')
  if (bare === '') return ''
  const shown = Math.min(4, Math.floor(bare.length / 2))
  return `••••••${shown === 0 ? '' : bare.slice(-shown)}`
}
