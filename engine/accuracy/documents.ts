import { renderPassport, type Specimen, toZoneName, zoneLines } from '../src/specimen/index.ts'

/** One kind of document that the set holds. A new kind is one more entry of the table. */
export type DocumentKind = {
  /** The format of ICAO 9303. */
  readonly format: string
  readonly title: string
  /** Places for the name in the machine zone. */
  readonly nameSymbols: number
  /** The part of the page that the machine zone's symbols cover, 0 to 1: where glare on the zone lies. */
  readonly zone: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }
  /** The side of the document that carries the machine zone, PNG. */
  readonly render: (specimen: Specimen) => Promise<Uint8Array>
  /** The machine zone as printed. */
  readonly lines: (specimen: Specimen) => readonly string[]
  readonly documentCode: string
}

export const documentKinds: readonly DocumentKind[] = [
  {
    format: 'TD3',
    title: 'passport',
    nameSymbols: 39,
    zone: { left: 0.05, right: 0.95, top: 0.82, bottom: 0.92 },
    render: (specimen) => renderPassport(specimen),
    lines: (specimen) => zoneLines(specimen),
    documentCode: 'P',
  },
]

/** What every field must say, from the person, not from the engine's own parser. */
export const truthOf = (kind: DocumentKind, specimen: Specimen): Readonly<Record<string, string>> => ({
  documentCode: kind.documentCode,
  issuingCountry: 'UTO',
  lastName: toZoneName(specimen.surname).replaceAll('<', ' '),
  firstName: toZoneName(specimen.givenNames).replaceAll('<', ' '),
  number: specimen.number,
  nationality: 'UTO',
  dateOfBirth: specimen.dateOfBirth,
  sex: specimen.sex,
  expiry: specimen.expiry,
})
