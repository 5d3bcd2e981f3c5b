/** Broken files for tests of the ways that uploads take. */
export { mutate, seededNumbers } from './mutate.ts'
export { validFiles } from './valid-files.ts'
