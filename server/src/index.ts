export { type AppParts, createApp } from './app.ts'
export { JOBS_SCHEMA, migrateServer } from './migrate.ts'
