import { randomUUID } from 'node:crypto'
import type { JobKind, Transaction } from '@veridoor/foundation'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { bodyAad, headAad, type MailParts } from './deps.ts'
import type { Email } from './email.ts'
import { mails } from './schema.ts'
import { MailError, submitMessage } from './smtp.ts'

/** One message to the mail server: the job carries its id and nothing of what it says. */
export const deliverJob = {
  queue: 'mail-deliver',
  payload: z.object({ id: z.uuid() }),
  // Gaps that double from 2 seconds: between four and five hours in all. What has ended meanwhile is not sent any more.
  retryLimit: 13,
  retryDelaySec: 2,
} satisfies JobKind<z.ZodType>

const ATTEMPTS = deliverJob.retryLimit + 1
const isAddress = (text: string): boolean => z.email().safeParse(text).success

/** A message to one person, at one address. */
export type Outgoing = {
  readonly organization: string
  readonly userId: string
  readonly to: string
  readonly email: Email
  /** Until when it is worth sending, in ms from now: a day when left out. */
  readonly usefulMs?: number
}

/** Writes a message in the transaction of what it tells about: it is sent if, and only if, that is committed. */
export const sendMail = async (deps: MailParts, tx: Transaction, mail: Outgoing): Promise<void> => {
  // Who has no address, or something else in its place, cannot be written to.
  if (!isAddress(mail.to)) return
  const id = randomUUID()
  const at = deps.clock.now()
  await tx.insert(mails).values({
    id,
    organization: mail.organization,
    userId: mail.userId,
    head: deps.cipher.encrypt(JSON.stringify({ to: mail.to, subject: mail.email.subject }), headAad(id)),
    body: deps.cipher.encrypt(JSON.stringify(mail.email), bodyAad(id)),
    state: deps.smtp ? 'waiting' : 'kept',
    usefulUntil: new Date(at.getTime() + (mail.usefulMs ?? 86_400_000)),
    createdAt: at,
  })
  if (deps.smtp) await deps.jobs.send(deliverJob, { id }, { tx })
}

/** One attempt. @throws {MailError} when the job is to be tried again */
export const deliverMail = async (deps: MailParts, id: string): Promise<void> => {
  const { db, cipher, smtp } = deps
  const [row] = await db.select().from(mails).where(eq(mails.id, id))
  if (!smtp || row?.state !== 'waiting' || row.body === null) return
  const at = deps.clock.now()
  const record = (set: Partial<typeof mails.$inferInsert>) => db.update(mails).set(set).where(eq(mails.id, id))
  if (row.usefulUntil <= at) {
    await record({ state: 'failed', lastFault: 'too_late', body: null })
    return
  }
  const { to } = JSON.parse(cipher.decrypt(row.head, headAad(id))) as { to: string }
  const email = JSON.parse(cipher.decrypt(row.body, bodyAad(id))) as Email
  const attempts = row.attempts + 1
  try {
    await submitMessage(smtp, id, to, email)
    await record({ state: 'sent', attempts, lastFault: null, sentAt: deps.clock.now(), body: null })
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    const isOver = error.isFinal || attempts >= ATTEMPTS
    await record({ attempts, lastFault: error.code, ...(isOver ? { state: 'failed' as const, body: null } : {}) })
    if (!isOver) throw error
  }
}
