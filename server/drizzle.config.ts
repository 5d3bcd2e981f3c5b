import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: ['./server/src/database-schema.ts', './server/src/*/schema.ts'],
  out: './server/migrations',
  migrations: { schema: 'veridoor', table: 'migrations' },
})
