import {
  renderPassport,
  renderSpecimen,
  type Specimen,
  type SpecimenType,
  toZoneName,
  zoneLines,
} from '../src/specimen/index.ts'
import { between, type Random } from '../src/specimen/random.ts'
import { frenchLines, td1Lines, td2Lines, visaLines } from '../src/specimen/zones.ts'

/** One kind of document that the set holds. A new kind is one more entry of the table. */
export type DocumentKind = {
  readonly format: string
  readonly title: string
  /** Whether the MRZ of this kind has room for such a name, as `toZoneName` spells it. */
  readonly holds: (last: string, first: string) => boolean
  /** The part of the page that the MRZ’s characters cover, 0 to 1: where glare on the zone lies. */
  readonly zone: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }
  /** What the kind asks of its holder: a number of its own shape, say. */
  readonly adapt?: (specimen: Specimen, random: Random) => Specimen
  /** The side that carries the MRZ and, where that is the back, the front beside it. PNG. */
  readonly render: (specimen: Specimen) => Promise<{ readonly zone: Uint8Array; readonly front?: Uint8Array }>
  /** The MRZ as printed. */
  readonly lines: (specimen: Specimen) => readonly string[]
  /** What the fields say that do not follow from the person; null where the zone has none. */
  readonly fixed: Readonly<Record<string, string | null>>
}

const fitsNameField =
  (characters: number) =>
  (last: string, first: string): boolean =>
    last.length + 2 + first.length <= characters
const utopia = (documentCode: string) => ({ documentCode, issuingCountry: 'UTO', nationality: 'UTO' })
const digits = (random: Random, count: number, below: number): string =>
  String(Math.floor(between(random, 1, below))).padStart(count, '0')

/** A number of more than nine characters goes on in the optional field; one card in three has one. */
const maybeLong = (specimen: Specimen, random: Random): Specimen =>
  random() < 0.33 ? { ...specimen, number: `${specimen.number.padEnd(9, '7')}${digits(random, 2, 99)}` } : specimen

const frontOf = async (kind: SpecimenType, specimen: Specimen): Promise<{ zone: Uint8Array }> => ({
  zone: (await renderSpecimen(kind, specimen)).front,
})

export const documentKinds: readonly DocumentKind[] = [
  {
    format: 'TD3',
    title: 'passport',
    holds: fitsNameField(39),
    zone: { left: 0.05, right: 0.95, top: 0.82, bottom: 0.92 },
    render: async (specimen) => ({ zone: await renderPassport(specimen) }),
    lines: (specimen) => zoneLines(specimen),
    fixed: utopia('P'),
  },
  {
    format: 'TD1',
    title: 'identity card, front and back',
    holds: fitsNameField(30),
    zone: { left: 0.06, right: 0.94, top: 0.63, bottom: 0.91 },
    adapt: maybeLong,
    render: async (specimen) => {
      const { front, back } = await renderSpecimen('id-card', specimen)
      if (!back) throw new Error('the card has no back')
      return { zone: back, front }
    },
    lines: (specimen) => td1Lines(specimen),
    fixed: utopia('I'),
  },
  {
    format: 'TD2',
    title: 'identity card of the larger size',
    holds: fitsNameField(31),
    zone: { left: 0.07, right: 0.93, top: 0.82, bottom: 0.93 },
    adapt: maybeLong,
    render: (specimen) => frontOf('id-card-td2', specimen),
    lines: (specimen) => td2Lines(specimen),
    fixed: utopia('I'),
  },
  {
    format: 'MRV-A',
    title: 'visa',
    holds: fitsNameField(39),
    zone: { left: 0.04, right: 0.96, top: 0.83, bottom: 0.94 },
    render: (specimen) => frontOf('visa-a', specimen),
    lines: (specimen) => visaLines(44, specimen),
    fixed: utopia('V'),
  },
  {
    format: 'MRV-B',
    title: 'visa of the smaller size',
    holds: fitsNameField(31),
    zone: { left: 0.07, right: 0.93, top: 0.82, bottom: 0.93 },
    render: (specimen) => frontOf('visa-b', specimen),
    lines: (specimen) => visaLines(36, specimen),
    fixed: utopia('V'),
  },
  {
    format: 'FRA-ID',
    title: 'French identity card of 1988 to 2021',
    holds: (last, first) => last.length <= 25 && first.length < 14,
    zone: { left: 0.07, right: 0.93, top: 0.82, bottom: 0.93 },
    adapt: (specimen, random) => ({
      ...specimen,
      number: `${digits(random, 2, 20)}${digits(random, 2, 12)}${digits(random, 3, 950)}${digits(random, 5, 99_999)}`,
      sex: specimen.sex === 'X' ? 'F' : specimen.sex,
    }),
    render: (specimen) => frontOf('id-card-france', specimen),
    lines: (specimen) => frenchLines(specimen),
    fixed: { documentCode: 'ID', issuingCountry: 'FRA', nationality: null, expiry: null },
  },
]

/** What every field must say, from the person, not from the engine's own parser. */
export const truthOf = (kind: DocumentKind, specimen: Specimen): [field: string, value: string][] =>
  Object.entries({
    lastName: toZoneName(specimen.surname).replaceAll('<', ' '),
    firstName: toZoneName(specimen.givenNames).replaceAll('<', ' '),
    number: specimen.number,
    dateOfBirth: specimen.dateOfBirth,
    sex: specimen.sex,
    expiry: specimen.expiry,
    ...kind.fixed,
  }).flatMap(([field, value]) => (value === null ? [] : [[field, value]]))
