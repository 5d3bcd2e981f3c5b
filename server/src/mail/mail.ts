import { ApiError } from '@veridoor/contract'
import { type CappedCount, countUpTo, type Executor, type Transaction } from '@veridoor/foundation'
import { and, desc, eq, lt, or } from 'drizzle-orm'
import { bodyAad, headAad, type Mail, type MailParts } from './deps.ts'
import { type Email, textOf } from './email.ts'
import { mails } from './schema.ts'
import { deliverJob, deliverMail, type Outgoing, sendMail } from './send-mail.ts'

/** How long a message is remembered, sent or not. */
const KEEP_MS = 3 * 86_400_000

/** What a list shows of a message: never its text. */
export type MailView = Pick<Mail, 'id' | 'organization' | 'state' | 'lastFault' | 'createdAt' | 'sentAt'> & {
  readonly to: string
  readonly subject: string
}
export type MailService = ReturnType<typeof createMail>

/** Messages to people: sent by SMTP where a mail server is set, else kept for the console. */
export const createMail = (deps: MailParts) => {
  const { db, cipher } = deps
  const view = (row: Mail): MailView => {
    const { id, organization, state, lastFault, createdAt, sentAt } = row
    const head = JSON.parse(cipher.decrypt(row.head, headAad(id))) as { to: string; subject: string }
    return { id, organization, state, lastFault, createdAt, sentAt, ...head }
  }
  return {
    /** Whether messages leave this server. */
    isSending: deps.smtp !== undefined,

    send: (tx: Transaction, mail: Outgoing) => sendMail(deps, tx, mail),
    /** Forgets everything that was written to a person. */
    async forget(ex: Executor, userId: string): Promise<void> {
      await ex.delete(mails).where(eq(mails.userId, userId))
    },

    async find(id: string): Promise<Mail | undefined> {
      const [row] = await db.select().from(mails).where(eq(mails.id, id))
      return row
    },
    /** Newest first, from the one before `after`. */
    async list(page: {
      organization: string | undefined
      after: { at: Date; id: string } | undefined
      limit: number
    }): Promise<{ rows: MailView[] } & CappedCount> {
      const own = page.organization === undefined ? undefined : eq(mails.organization, page.organization)
      const { after } = page
      const rows = await db
        .select()
        .from(mails)
        .where(
          and(
            own,
            after && or(lt(mails.createdAt, after.at), and(eq(mails.createdAt, after.at), lt(mails.id, after.id))),
          ),
        )
        .orderBy(desc(mails.createdAt), desc(mails.id))
        .limit(page.limit)
      return { rows: rows.map(view), ...(await countUpTo(db, mails, own)) }
    },
    /**
     * The text of a message that was not sent. It may hold a link that opens an account: who looked is recorded.
     * @throws {ApiError} NOT_FOUND when there is none, or it was not kept here: on its way, sent or failed
     */
    open: (actor: { name: string; address: string }, id: string): Promise<MailView & { text: string }> =>
      db.transaction(async (tx) => {
        const [row] = await tx.select().from(mails).where(eq(mails.id, id))
        if (row?.state !== 'kept' || row.body === null) throw new ApiError('NOT_FOUND')
        const email = JSON.parse(cipher.decrypt(row.body, bodyAad(id))) as Email
        await deps.audit.append(tx, {
          organization: row.organization,
          actor: actor.name,
          action: 'read-mail',
          target: `mail/${id}`,
          address: actor.address,
        })
        return { ...view(row), text: textOf(email) }
      }),

    deliver: (id: string) => deliverMail(deps, id),
    async sweep(): Promise<void> {
      await db.delete(mails).where(lt(mails.createdAt, new Date(deps.clock.now().getTime() - KEEP_MS)))
    },
    prepare: () => deps.jobs.declare(deliverJob),
    work: () => deps.jobs.work(deliverJob, ({ id }) => deliverMail(deps, id), { parallel: 4 }),
  }
}
