import { pgSchema } from 'drizzle-orm/pg-core'

/** Every table of the server lives in this schema. */
export const veridoor = pgSchema('veridoor')
