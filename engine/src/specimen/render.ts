import { renderFrenchCard, renderIdCardBack, renderIdCardFront, renderPlainBack, renderTd2Card } from './cards.ts'
import { renderPassport } from './passport.ts'
import type { Specimen, SpecimenFaults, SpecimenType } from './specimen.ts'
import { renderVisa } from './visas.ts'

/** PNG of each side; documents of one side have no back. */
export type SpecimenSides = { readonly front: Buffer; readonly back?: Buffer }

/**
 * Renders a specimen of any kind that the maker knows, marked SPECIMEN on each side.
 * @throws {RangeError} for a number that the kind cannot carry
 */
export const renderSpecimen = async (
  type: SpecimenType,
  specimen: Specimen,
  faults: SpecimenFaults = {},
): Promise<SpecimenSides> => {
  switch (type) {
    case 'passport':
      return { front: await renderPassport(specimen, faults) }
    case 'id-card':
      return { front: await renderIdCardFront(specimen), back: await renderIdCardBack(specimen, faults) }
    case 'id-card-td2':
      return { front: await renderTd2Card(specimen, faults) }
    case 'id-card-france':
      return { front: await renderFrenchCard(specimen, faults) }
    case 'id-card-without-zone':
      return { front: await renderIdCardFront(specimen), back: await renderPlainBack() }
    case 'visa-a':
      return { front: await renderVisa('A', specimen, faults) }
    case 'visa-b':
      return { front: await renderVisa('B', specimen, faults) }
    default: {
      const never: never = type
      throw new RangeError(`There is no specimen ${String(never)}.`)
    }
  }
}
