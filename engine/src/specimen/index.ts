export { photographed, type Shot } from './camera.ts'
export { renderPassport, type Specimen, type SpecimenFaults, toZoneName, zoneLines } from './passport.ts'
