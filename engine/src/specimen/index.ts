export { photographed, type Shot } from './camera.ts'
export {
  type Jurisdiction,
  type LicenceFaults,
  type LicenceSpecimen,
  licenceText,
  renderLicenceBack,
  renderLicenceFront,
} from './driving-licence.ts'
export { renderPassport, type Specimen, type SpecimenFaults, toZoneName, zoneLines } from './passport.ts'
export { pdfOf } from './pdf.ts'
