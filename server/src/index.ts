export { type AppDeps as AppParts, createApp } from './app.ts'
export { JOBS_SCHEMA, migrateServer } from './migrate.ts'
