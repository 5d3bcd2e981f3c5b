import { z } from 'zod'
import { base, Time } from './api-base.ts'
import { ProviderHealth } from './api-providers.ts'

/** What the console shows first. */
export const overview = {
  read: base
    .route({ method: 'GET', path: '/overview', summary: 'Reads the figures of the dashboard.', tags: ['console'] })
    .output(
      z.object({
        counts: z.record(z.string(), z.int()),
        oldestReviewAt: Time.nullable(),
        providers: z.array(
          z.object({ organization: z.string(), name: z.string(), displayName: z.string(), health: ProviderHealth }),
        ),
        setUp: z.array(z.object({ key: z.string(), done: z.boolean() })),
        demonstration: z.boolean(),
      }),
    ),
}
