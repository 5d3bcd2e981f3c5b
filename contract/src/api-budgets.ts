import { z } from 'zod'
import { base, Time } from './api-base.ts'

/** What this server lets one tenant, member or stranger use up before it refuses. */
export const budgets = {
  list: base
    .route({
      method: 'GET',
      path: '/budgets',
      summary: 'Lists the budgets and how far they are used.',
      tags: ['console'],
    })
    .output(
      z.object({
        items: z.array(
          z.object({
            budget: z.string(),
            scope: z.string(),
            kind: z.enum(['in_flight', 'window']),
            unit: z.enum(['count', 'bytes']),
            limit: z.int(),
            /** Length of the window in seconds; null for work in flight. */
            windowSec: z.number().nullable(),
            /** In flight: how much runs now in the process that answers. Window: the most that one holder used lately. */
            used: z.int(),
            refused: z.int(),
            lastRefusedAt: Time.nullable(),
          }),
        ),
      }),
    ),
}
