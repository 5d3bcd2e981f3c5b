import { ApiError } from '@veridoor/contract'
import type { MailView } from '../mail/index.ts'
import { actorOf, organizationFilter, os, requireAdministrator, requireOrganization } from './context.ts'
import { parseTimeCursor, toTimeCursor } from './cursor.ts'

const view = (row: MailView) => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  sentAt: row.sentAt?.toISOString() ?? null,
})

/** For administrators: messages to people of their organization. Who opens one is recorded. */
export const mails = {
  list: os.mails.list.handler(async ({ context, input }) => {
    const { mail } = context.rooms
    const organization = organizationFilter(requireAdministrator(context), input.organization)
    const { rows, ...count } = await mail.list({
      organization,
      after: parseTimeCursor(input.cursor),
      limit: input.limit,
    })
    const last = rows.length === input.limit ? rows.at(-1) : undefined
    return {
      items: rows.map(view),
      nextCursor: last ? toTimeCursor(last) : null,
      ...count,
      isSending: mail.isSending,
    }
  }),

  open: os.mails.open.handler(async ({ context, input }) => {
    const caller = requireAdministrator(context)
    const row = await context.rooms.mail.find(input.id)
    if (!row) throw new ApiError('NOT_FOUND')
    requireOrganization(caller, row.organization)
    const { text, ...head } = await context.rooms.mail.open(actorOf(caller), input.id)
    return { ...view(head), text }
  }),
}
