import { across, field, label, mark, printed, renderSheet, rosette, waves } from './drawing.ts'
import { textPath, zonePath } from './glyphs.ts'
import type { Specimen, SpecimenFaults } from './specimen.ts'
import { zoneLines } from './zones.ts'

const WIDTH = 1500
const HEIGHT = 1056
const PITCH = (25.4 * WIDTH) / 1250

const PHOTO = { x: 66, y: 190, width: 400, height: 520 } as const

/**
 * Renders the data page of a specimen passport: state UTO, marked SPECIMEN in print and in the zone's state, with a valid machine
 * zone unless `faults` say otherwise. PNG, 1,500 × 1,056 px.
 */
export const renderPassport = async (specimen: Specimen, faults: SpecimenFaults = {}): Promise<Buffer> => {
  const left = 520
  const upper = (text: string): string => text.toUpperCase()
  const zone = zoneLines(specimen, faults)
  return renderSheet({
    width: WIDTH,
    height: HEIGHT,
    ground: waves(WIDTH, 34) + rosette(1130, 420, 210),
    photo: { ...PHOTO, portrait: specimen.portrait },
    parts: [
      await textPath('bold', 'UTOPIA', { x: 66, y: 92, size: 46, fill: '#0b5a6b' }),
      await textPath('sans', 'PASSPORT · PASSEPORT', { x: 66, y: 138, size: 24, fill: label }),
      await textPath('bold', 'SPECIMEN', { x: 1180, y: 92, size: 40, fill: mark }),
      await field(left, 150, 'Type / Type', 'P'),
      await field(left + 190, 150, 'Code / Code', 'UTO'),
      await field(left + 400, 150, 'Passport No. / Passeport No', specimen.number),
      await field(left, 240, 'Surname / Nom', upper(specimen.surname)),
      await field(left, 330, 'Given names / Prenoms', upper(specimen.givenNames)),
      await field(left, 420, 'Nationality / Nationalite', 'UTOPIAN'),
      await field(left, 510, 'Date of birth / Date de naissance', printed(specimen.dateOfBirth)),
      await field(left + 480, 510, 'Sex / Sexe', specimen.sex),
      await field(left, 600, 'Date of expiry / Date d expiration', printed(specimen.expiry)),
      await field(left + 480, 600, 'Authority / Autorite', 'UTOPIA OFFICE'),
      await across(WIDTH / 2 + 190, 590, 150, `rotate(-14 ${WIDTH / 2} 520)`),
      `<rect x="0" y="800" width="${WIDTH}" height="${HEIGHT - 800}" fill="#f7f7f2"/>`,
      await zonePath(zone[0], { x: 76, y: 892, pitch: PITCH, fill: '#161616' }),
      await zonePath(zone[1], { x: 76, y: 968, pitch: PITCH, fill: '#161616' }),
    ],
  })
}
