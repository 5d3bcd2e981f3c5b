import { across, field, label, mark, printed, renderSheet, rosette, waves, zone } from './drawing.ts'
import { textPath } from './glyphs.ts'
import type { Specimen, SpecimenFaults } from './specimen.ts'
import { frenchLines, td1Lines, td2Lines } from './zones.ts'

/** ID-1 (85.6 × 53.98 mm) at 16 px a millimetre, ID-2 (105 × 74 mm) at 14; characters of an MRZ are 2.54 mm apart. */
const ID1 = { width: 1370, height: 864, pitch: 2.54 * 16 } as const
const ID2 = { width: 1470, height: 1036, pitch: 2.54 * 14 } as const

const upper = (text: string): string => text.toUpperCase()
const head = async (title: string, state: string, right: number): Promise<string[]> => [
  await textPath('bold', state, { x: 60, y: 82, size: 42, fill: '#0b5a6b' }),
  await textPath('sans', title, { x: 60, y: 124, size: 23, fill: label }),
  await textPath('bold', 'SPECIMEN', { x: right, y: 84, size: 38, fill: mark }),
]

/** What the front of an ID card says, each value under its label. */
const personOf = async (specimen: Specimen, left: number, top: number): Promise<string[]> => [
  await field(left, top, 'Surname / Nom', upper(specimen.surname)),
  await field(left, top + 88, 'Given names / Prenoms', upper(specimen.givenNames)),
  await field(left, top + 176, 'Sex / Sexe', specimen.sex),
  await field(left + 190, top + 176, 'Nationality / Nationalite', 'UTO'),
  await field(left + 470, top + 176, 'Date of birth / Date de naissance', printed(specimen.dateOfBirth)),
  await field(left, top + 264, 'Document No. / Document No', specimen.number),
  await field(left + 470, top + 264, 'Date of expiry / Date d expiration', printed(specimen.expiry)),
]

/** The front of a TD1 card: portrait and labelled fields, no MRZ. PNG, 1,370 × 864 px. */
export const renderIdCardFront = async (specimen: Specimen): Promise<Buffer> =>
  renderSheet({
    ...ID1,
    ground: waves(ID1.width, 33, ['#c4dcc9', '#d7d9e8']) + rosette(1080, 560, 190),
    photo: { x: 60, y: 190, width: 380, height: 494, portrait: specimen.portrait },
    parts: [
      ...(await head('IDENTITY CARD · CARTE D IDENTITE', 'UTOPIA', 1070)),
      ...(await personOf(specimen, 490, 210)),
      await across(ID1.width / 2 + 150, 760, 120, `rotate(-8 ${ID1.width / 2} 700)`),
    ],
  })

/** The back of a TD1 card: where it was issued, and the MRZ of three lines (ICAO 9303-5). */
export const renderIdCardBack = async (specimen: Specimen, faults: SpecimenFaults = {}): Promise<Buffer> =>
  renderSheet({
    ...ID1,
    ground: waves(ID1.width, 33, ['#c4dcc9', '#d7d9e8']),
    parts: [
      await textPath('bold', 'SPECIMEN', { x: 1070, y: 84, size: 38, fill: mark }),
      await field(60, 90, 'Place of birth / Lieu de naissance', 'NOWHERE'),
      await field(60, 178, 'Address / Adresse', '1 SQUARE OF THE ISLAND, AMAUROT'),
      await field(60, 266, 'Authority / Autorite', 'UTOPIA OFFICE'),
      await field(620, 266, 'Height / Taille', '1,70 m'),
      await across(ID1.width / 2 + 90, 380, 110, `rotate(-6 ${ID1.width / 2} 350)`),
      await zone(td1Lines(specimen, faults), ID1),
    ],
  })

/** A TD2 card: everything on one side, an MRZ of two lines of 36 (ICAO 9303-6). PNG, 1,470 × 1,036 px. */
export const renderTd2Card = async (specimen: Specimen, faults: SpecimenFaults = {}): Promise<Buffer> =>
  renderSheet({
    ...ID2,
    ground: waves(ID2.width, 40, ['#d9cfc4', '#cfd9e2']) + rosette(1150, 600, 200),
    photo: { x: 60, y: 190, width: 400, height: 520, portrait: specimen.portrait },
    parts: [
      ...(await head('IDENTITY CARD · CARTE D IDENTITE', 'UTOPIA', 1170)),
      ...(await personOf(specimen, 510, 210)),
      await across(ID2.width / 2 + 190, 690, 130, `rotate(-10 ${ID2.width / 2} 640)`),
      await zone(td2Lines(specimen, faults), ID2),
    ],
  })

/**
 * A card with the structure of the French identity card of 1988 to 2021, whose MRZ is not ICAO's and holds no expiry. Its
 * look is ours, its person invented, and it is marked SPECIMEN.
 *
 * @throws {RangeError} when the number is not twelve digits
 */
export const renderFrenchCard = async (specimen: Specimen, faults: SpecimenFaults = {}): Promise<Buffer> => {
  if (!/^\d{12}$/.test(specimen.number)) throw new RangeError('The number of the French card has twelve digits.')
  const date = specimen.dateOfBirth.split('-').reverse().join('.')
  return renderSheet({
    ...ID2,
    ground: waves(ID2.width, 40, ['#cfd8ea', '#e6d3d6']) + rosette(1150, 600, 200),
    photo: { x: 60, y: 220, width: 380, height: 494, portrait: specimen.portrait },
    parts: [
      ...(await head('CARTE NATIONALE D IDENTITE · SPECIMEN', 'FRANCE', 1170)),
      await field(490, 170, 'No', specimen.number),
      await field(490, 258, 'Nom', upper(specimen.surname)),
      await field(490, 346, 'Prenoms', upper(specimen.givenNames)),
      await field(490, 434, 'Sexe', specimen.sex),
      await field(690, 434, 'Ne(e) le', date),
      await field(490, 522, 'A', 'NULLE PART'),
      await field(490, 610, 'Taille', '1,70 m'),
      await across(ID2.width / 2 + 190, 690, 130, `rotate(-10 ${ID2.width / 2} 640)`),
      await zone(frenchLines(specimen, faults), ID2),
    ],
  })
}

/**
 * The front of a driving licence with the numbered fields of the European model, which has no code that a machine could read. Its look
 * is ours, its person invented, and it is marked SPECIMEN.
 */
export const renderNumberedLicence = async (specimen: Specimen): Promise<Buffer> =>
  renderSheet({
    ...ID1,
    ground: waves(ID1.width, 36, ['#ecd6dc', '#dfe2ee']) + rosette(950, 480, 190),
    photo: { x: 60, y: 190, width: 340, height: 440, portrait: specimen.portrait },
    parts: [
      ...(await head('DRIVING LICENCE · PERMIS DE CONDUIRE · SPECIMEN', 'UTOPIA', 1070)),
      await field(440, 170, '1.', upper(specimen.surname)),
      await field(440, 258, '2.', upper(specimen.givenNames)),
      await field(440, 346, '3.', specimen.dateOfBirth.split('-').reverse().join('.')),
      await field(440, 434, '4b.', specimen.expiry.split('-').reverse().join('.')),
      await field(440, 522, '5.', specimen.number),
      await field(760, 522, '9.', 'AM/B'),
    ],
  })

/** The back of an ID card that has no MRZ on either side. */
export const renderPlainBack = async (): Promise<Buffer> =>
  renderSheet({
    ...ID1,
    ground: waves(ID1.width, 33, ['#e2d5c2', '#d7e0d0']) + rosette(360, 520, 170),
    parts: [
      await textPath('bold', 'SPECIMEN', { x: 1070, y: 84, size: 38, fill: mark }),
      await field(60, 90, 'Place of birth / Lieu de naissance', 'NOWHERE'),
      await field(60, 178, 'Address / Adresse', '1 SQUARE OF THE ISLAND, AMAUROT'),
      await field(60, 266, 'Authority / Autorite', 'UTOPIA OFFICE'),
      await field(620, 266, 'Height / Taille', '1,70 m'),
      await across(ID1.width / 2 + 90, 680, 110, `rotate(-6 ${ID1.width / 2} 620)`),
    ],
  })
