import { across, field, label, mark, printed, renderSheet, rosette, waves, zone } from './drawing.ts'
import { textPath } from './glyphs.ts'
import type { Specimen, SpecimenFaults } from './specimen.ts'
import { visaLines } from './zones.ts'

/** MRV-A (120 × 80 mm) at 12.5 px a millimetre, MRV-B (105 × 74 mm) at 14 (ICAO 9303-7, sections 3 and 4). */
const sheets = {
  A: { width: 1500, height: 1000, pitch: 2.54 * 12.5, characters: 44 },
  B: { width: 1470, height: 1036, pitch: 2.54 * 14, characters: 36 },
} as const

/** A specimen visa of Utopia, as a sticker in a passport carries it, with an MRZ of two lines. PNG. */
export const renderVisa = async (
  size: keyof typeof sheets,
  specimen: Specimen,
  faults: SpecimenFaults = {},
): Promise<Buffer> => {
  const { characters, ...sheet } = sheets[size]
  const left = 500
  return renderSheet({
    ...sheet,
    ground: waves(sheet.width, 38, ['#d3e0c4', '#e4dccb']) + rosette(1150, 520, 180),
    photo: { x: 60, y: 180, width: 370, height: 481, portrait: specimen.portrait },
    parts: [
      await textPath('bold', 'UTOPIA', { x: 60, y: 82, size: 42, fill: '#0b5a6b' }),
      await textPath('sans', 'VISA', { x: 60, y: 124, size: 23, fill: label }),
      await textPath('bold', 'SPECIMEN', { x: sheet.width - 320, y: 84, size: 38, fill: mark }),
      await field(left, 170, 'Visa No. / Visa No', specimen.number),
      await field(left + 470, 170, 'Type / Type', 'SHORT STAY'),
      await field(left, 258, 'Surname / Nom', specimen.surname.toUpperCase()),
      await field(left, 346, 'Given names / Prenoms', specimen.givenNames.toUpperCase()),
      await field(left, 434, 'Date of birth / Date de naissance', printed(specimen.dateOfBirth)),
      await field(left + 470, 434, 'Sex / Sexe', specimen.sex),
      await field(left, 522, 'Valid until / Valable jusqu au', printed(specimen.expiry)),
      await field(left + 470, 522, 'Nationality / Nationalite', 'UTO'),
      await across(sheet.width / 2 + 190, 640, 120, `rotate(-10 ${sheet.width / 2} 600)`),
      await zone(visaLines(characters, specimen, faults), sheet),
    ],
  })
}
