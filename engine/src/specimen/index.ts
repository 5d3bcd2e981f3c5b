export { photographed, type Shot } from './camera.ts'
export { renderNumberedLicence } from './cards.ts'
export {
  type Jurisdiction,
  type LicenceFaults,
  type LicenceSpecimen,
  licenceText,
  renderLicenceBack,
  renderLicenceFront,
} from './driving-licence.ts'
export { type PersonInMotion, type Pose, personInMotion, poseOf } from './motion.ts'
export { renderPassport } from './passport.ts'
export { pdfOf } from './pdf.ts'
export { madeUpPerson } from './persons.ts'
export { renderSpecimen, type SpecimenSides } from './render.ts'
export { type Specimen, type SpecimenFaults, type SpecimenType, specimenTypes } from './specimen.ts'
export { toZoneName, zoneLines } from './zones.ts'
