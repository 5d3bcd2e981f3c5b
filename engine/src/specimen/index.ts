export { photographed, type Shot } from './camera.ts'
export { type PersonInMotion, type Pose, personInMotion, poseOf } from './motion.ts'
export { renderPassport, type Specimen, type SpecimenFaults, toZoneName, zoneLines } from './passport.ts'
