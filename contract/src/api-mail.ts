import { z } from 'zod'
import { base, Id, listOf, Name, Page, Time } from './api-base.ts'

const Mail = z.object({
  id: Id,
  organization: z.string(),
  to: z.string().meta({ personal: true }),
  subject: z.string(),
  /** `kept`: there is no mail server; it can be read here. */
  state: z.enum(['waiting', 'sent', 'kept', 'failed']),
  lastFault: z.enum(['unreachable', 'timed_out', 'not_encrypted', 'sign_in_refused', 'refused', 'too_late']).nullable(),
  createdAt: Time,
  sentAt: Time.nullable(),
})

/** Messages to people, newest first, for three days. For administrators. */
export const mails = {
  list: base
    .route({ method: 'GET', path: '/mails', summary: 'Lists emails of the last three days.', tags: ['console'] })
    .input(z.object({ ...Page, organization: Name.optional() }))
    .output(
      listOf(Mail).extend({
        /** Whether a mail server is set: else messages are kept here. */
        isSending: z.boolean(),
      }),
    ),
  /** What would have been sent. It may open an account: who looks is recorded. */
  open: base
    .route({
      method: 'POST',
      path: '/mails/{id}/open',
      summary: 'Reads the text of an email. The audit records who did.',
      tags: ['console'],
    })
    .input(z.object({ id: z.uuid() }))
    .output(Mail.extend({ text: z.string().meta({ secret: true }) })),
}
