import { organizationFilter, os, requireAdministrator } from './context.ts'
import { parseNumberCursor } from './cursor.ts'

const asDate = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text))

/** A filter of the API as the audit takes it. */
export const toAuditFilter = <T extends { from?: string | undefined; until?: string | undefined }>({
  from,
  until,
  ...fields
}: T) => ({ ...fields, from: asDate(from), until: asDate(until) })

/**
 * For administrators. When an administrator of the installation names no organization, `list` shows the record of `built-in`, and
 * `verify` checks all records.
 */
export const audit = {
  list: os.audit.list.handler(async ({ context, input }) => {
    const { cursor, limit, ...filter } = input
    const organization = organizationFilter(requireAdministrator(context), input.organization) ?? 'built-in'
    const { lines, ...count } = await context.rooms.audit.list({
      ...toAuditFilter(filter),
      organization,
      beforeNumber: parseNumberCursor(cursor),
      limit,
    })
    const last = lines.length === limit ? lines.at(-1) : undefined
    return {
      items: lines.map(({ previousHash: _previous, hash: _hash, ...line }) => ({ ...line, at: line.at.toISOString() })),
      nextCursor: last ? String(last.number) : null,
      ...count,
    }
  }),

  verify: os.audit.verify.handler(async ({ context, input }) => {
    const state = await context.rooms.audit.verify(
      organizationFilter(requireAdministrator(context), input.organization),
    )
    return { ok: state.ok, lines: state.lines, firstBadLine: state.firstBadLine, checkedAt: new Date().toISOString() }
  }),
}
