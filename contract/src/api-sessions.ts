import { z } from 'zod'
import { base, done, Time } from './api-parts.ts'

/** A session as its person sees it. The browser's own words about itself, as it sent them. */
const OwnSession = z.object({
  id: z.string(),
  isCurrent: z.boolean(),
  application: z.string(),
  userAgent: z.string(),
  address: z.string().meta({ personal: true }),
  openedAt: Time,
  lastSeenAt: Time,
})

export const accountSessions = {
  listSessions: base
    .route({ method: 'GET', path: '/account/sessions', tags: ['account'] })
    .output(z.object({ items: z.array(OwnSession) })),
  endSession: base
    .route({ method: 'DELETE', path: '/account/sessions/{id}', tags: ['account'] })
    .input(z.object({ id: z.string().min(1).max(100) }))
    .output(done),
  /** All but the one that asks. */
  endOtherSessions: base.route({ method: 'DELETE', path: '/account/sessions', tags: ['account'] }).output(done),
}
