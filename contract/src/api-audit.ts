import { z } from 'zod'
import { base, listOf, Name, Page, Time } from './api-base.ts'
import { LineOfText } from './text/fields.ts'

const AuditLine = z.object({
  number: z.int(),
  at: Time,
  organization: z.string(),
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  provider: z.string().nullable(),
  reference: z.string().nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  reasons: z.array(z.string()),
  result: z.string(),
  address: z.string(),
})

export const audit = {
  list: base
    .route({ method: 'GET', path: '/audit', summary: 'Lists the audit record, newest first.', tags: ['console'] })
    .input(
      z.object({
        ...Page,
        organization: Name.optional(),
        action: LineOfText(100).optional(),
        target: LineOfText(200).optional(),
      }),
    )
    .output(listOf(AuditLine)),
  verify: base
    .route({
      method: 'GET',
      path: '/audit/chain',
      summary: 'Checks that no line of the audit record was changed or removed.',
      tags: ['console'],
    })
    .input(z.object({ organization: Name.optional() }))
    .output(z.object({ ok: z.boolean(), lines: z.int(), firstBadLine: z.int().nullable(), checkedAt: Time })),
}
