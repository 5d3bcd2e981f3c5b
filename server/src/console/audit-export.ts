import { Readable } from 'node:stream'
import { ApiError, AuditExport } from '@veridoor/contract'
import type { HttpApp } from '@veridoor/foundation'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AuditLine } from '../audit/index.ts'
import { toAuditFilter } from './audit.ts'
import { type Context, organizationFilter, type Rooms, requireAdministrator } from './context.ts'
import { addEntityTag } from './etags.ts'
import { assertKeyScope } from './key-access.ts'
import { toProblemJson } from './problems.ts'
import { orRefusal, sendApiError, toContext } from './request-context.ts'

const COLUMNS = [
  'number',
  'at',
  'organization',
  'actor',
  'action',
  'target',
  'provider',
  'reference',
  'before',
  'after',
  'reasons',
  'result',
  'address',
  'previousHash',
  'hash',
] as const

const cellText = (line: AuditLine, column: (typeof COLUMNS)[number]): string => {
  const value = line[column]
  if (value instanceof Date) return value.toISOString()
  return Array.isArray(value) ? value.join(' ') : String(value ?? '')
}

/** A cell of RFC 4180. A text that a spreadsheet would run as a formula begins with an apostrophe. */
const toCell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

async function* toCsv(lines: AsyncIterable<AuditLine>): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\r\n`
  for await (const line of lines) yield `${COLUMNS.map((column) => toCell(cellText(line, column))).join(',')}\r\n`
}

async function* toJsonLines(lines: AsyncIterable<AuditLine>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify({ ...line, at: line.at.toISOString() })}\n`
}

const FORMATS = {
  csv: { contentType: 'text/csv; charset=utf-8', write: toCsv },
  jsonl: { contentType: 'application/jsonl; charset=utf-8', write: toJsonLines },
} as const

const readInput = (query: unknown): AuditExport => {
  const input = AuditExport.safeParse(query)
  if (input.success) return input.data
  throw new ApiError('INVALID_INPUT', {
    fields: input.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  })
}

/** The lines of one organization, for its administrators and for API keys with `audit:read`. @throws {ApiError} */
const openExport = (context: Context) => {
  if (context.key) assertKeyScope(context.key, 'audit.list')
  const caller = requireAdministrator(context)
  const { format, ...filter } = readInput(context.request.query)
  const organization = organizationFilter(caller, filter.organization) ?? 'built-in'
  const lines = context.rooms.audit.stream({ ...toAuditFilter(filter), organization })
  return { organization, format, lines }
}

/**
 * `GET /v1/audit/export`: every line that fits the filter as a file (CSV or JSON lines), the newest first, with its hashes. It is written
 * while it is read: its size does not matter.
 */
export const mountAuditExport = (app: HttpApp, rooms: Rooms): void => {
  app.get(
    '/v1/audit/export',
    { onSend: [addEntityTag, toProblemJson] },
    async (request: FastifyRequest, reply: FastifyReply) => {
      const context = await toContext(rooms, request, reply)
      const opened = await orRefusal(() => openExport(context))
      reply.header('cache-control', 'no-store')
      if (opened instanceof ApiError) return sendApiError(reply, opened)
      const { organization, format, lines } = opened
      const { contentType, write } = FORMATS[format]
      const name = `audit-${organization.replaceAll(/[^\w.-]/g, '_')}.${format}`
      return reply
        .type(contentType)
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(Readable.from(write(lines)))
    },
  )
}
