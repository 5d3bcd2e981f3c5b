import type { DocumentKind } from '../findings.ts'
import { renderLicenceBack, renderLicenceFront } from './driving-licence.ts'
import { renderSpecimen, type SpecimenSides } from './render.ts'
import type { Specimen } from './specimen.ts'

/** What people choose from: no visas. */
export type ChosenKind = Exclude<DocumentKind, 'VISA'>

/**
 * Both sides of a specimen of the kind that a person chose: a TD3 passport, a TD1 card, or an AAMVA licence with its bar code.
 * @throws {RangeError} for a number that the kind cannot carry
 */
export const renderKind = async (kind: ChosenKind, specimen: Specimen): Promise<SpecimenSides> => {
  switch (kind) {
    case 'PASSPORT':
      return renderSpecimen('passport', specimen)
    case 'ID_CARD':
      return renderSpecimen('id-card', specimen)
    case 'DRIVING_LICENSE':
      return { front: await renderLicenceFront(specimen), back: await renderLicenceBack(specimen) }
    default: {
      const never: never = kind
      throw new RangeError(`There is no specimen ${String(never)}.`)
    }
  }
}
