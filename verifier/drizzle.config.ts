import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: ['./verifier/src/session/schema.ts', './verifier/src/portal/schema.ts'],
  out: './verifier/migrations',
  migrations: { schema: 'verifier', table: 'migrations' },
})
