/** A made-up person of Utopia, ICAO's state for specimens. */
export type Specimen = {
  readonly surname: string
  readonly givenNames: string
  /** Capital letters and digits: up to nine on passports and visas, up to 20 on an ID card, 12 digits on the French card. */
  readonly number: string
  /** `YYYY-MM-DD` */
  readonly dateOfBirth: string
  readonly expiry: string
  readonly sex: 'F' | 'M' | 'X'
  /** What the first optional field of the MRZ holds besides a long number. */
  readonly personalNumber?: string
  /** What the second optional field of a TD1 card holds: up to eleven capital letters and digits. */
  readonly optionalData?: string
  /** JPEG, PNG or WebP of the person; a grey shape when absent. */
  readonly portrait?: Uint8Array
}

/** Faults on purpose, for tests: a specimen that must not pass. */
export type SpecimenFaults = {
  readonly wrongCheckDigit?: 'number' | 'dateOfBirth' | 'expiry' | 'composite'
  /** Another name in the MRZ than on the page; its check digits all compute. */
  readonly zoneSurname?: string
}

/** What the specimen maker can make. The French card has the structure of the one issued until 2021, its person is invented. */
export const specimenTypes = [
  'passport',
  'id-card',
  'id-card-td2',
  'id-card-france',
  'id-card-without-zone',
  'visa-a',
  'visa-b',
] as const
export type SpecimenType = (typeof specimenTypes)[number]
