import { z } from 'zod'
import { base, listOf, Name, Page, Time } from './api-base.ts'

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

/** Which lines: `actor`, `action` and `target` are compared whole. Without an organization: the caller's own. */
const auditFilter = {
  organization: Name.optional(),
  actor: z.string().max(200).optional(),
  action: z.string().max(100).optional(),
  target: z.string().max(200).optional(),
  /** Of a check: `VD-7KQ2-M4`. */
  reference: z.string().max(40).optional(),
  result: z.enum(['ok', 'refused', 'failed']).optional(),
  /** At this time or later. */
  from: Time.optional(),
  /** Before this time. */
  until: Time.optional(),
}

/** `GET /v1/audit/export`: the same filter, every line, as a file. */
export const AuditExport = z.object({ ...auditFilter, format: z.enum(['csv', 'jsonl']).default('csv') })

export type AuditExport = z.infer<typeof AuditExport>

export const audit = {
  list: base
    .route({ method: 'GET', path: '/audit', summary: 'Lists the audit record, newest first.', tags: ['console'] })
    .input(
      z.object({
        ...Page,
        ...auditFilter,
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
