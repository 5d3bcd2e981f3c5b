import { createTransport } from 'nodemailer'
import { type Email, htmlOf, textOf } from './email.ts'
import type { mails } from './schema.ts'
import type { Smtp } from './settings.ts'

/** Why a message did not get through: a known word. */
export type MailErrorCode = NonNullable<typeof mails.$inferSelect.lastFault>

/** An attempt that did not get through. Carries a known word and never what the other side said: that may quote an address. */
export class MailError extends Error {
  readonly code: MailErrorCode
  /** The mail server's last word (RFC 5321, 4.2.1: 5yz): trying again changes nothing. */
  readonly isFinal: boolean
  constructor(code: MailErrorCode, isFinal: boolean) {
    super(code)
    this.name = 'MailError'
    this.code = code
    this.isFinal = isFinal
  }
}

/** A job has a minute; what it waits for has to end well before. */
const WHOLE_MS = 25_000

const faultOf = (error: unknown): MailError => {
  const { code, responseCode, message } = error as { code?: unknown; responseCode?: unknown; message?: unknown }
  if (code === 'EAUTH') return new MailError('sign_in_refused', false)
  // A certificate that nobody vouches for has no code of its own.
  if (code === 'ETLS' || /certificate|altname/i.test(String(message))) return new MailError('not_encrypted', false)
  if (code === 'ETIMEDOUT') return new MailError('timed_out', false)
  if (typeof responseCode === 'number') return new MailError('refused', responseCode >= 500)
  return new MailError('unreachable', false)
}

/** Gives one message to the mail server. @param id makes the Message-ID: sent twice, it is recognised as the same @throws {MailError} */
export const submitMessage = async (smtp: Smtp, id: string, to: string, email: Email): Promise<void> => {
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.implicitTls,
    requireTLS: smtp.requireTls,
    ...(smtp.user === undefined ? {} : { auth: { user: smtp.user, pass: smtp.password?.reveal() ?? '' } }),
    tls: { minVersion: 'TLSv1.2' },
    ...(smtp.ehloName === undefined ? {} : { name: smtp.ehloName }),
    dnsTimeout: 5_000,
    connectionTimeout: 8_000,
    greetingTimeout: 8_000,
    socketTimeout: 10_000,
    // Nothing in a message may make this process read a file or call an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const tooLong = Promise.withResolvers<never>()
  const timer = setTimeout(() => tooLong.reject(new MailError('timed_out', false)), WHOLE_MS)
  const domain = /@([^\s<>@]+?)>?$/.exec(smtp.from)?.[1] ?? 'localhost'
  try {
    await Promise.race([
      transport.sendMail({
        from: smtp.from,
        // As an object: one address is one recipient, whatever it looks like.
        to: { name: '', address: to },
        subject: email.subject,
        text: textOf(email),
        html: htmlOf(email),
        messageId: `<${id}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      }),
      tooLong.promise,
    ])
  } catch (error) {
    throw error instanceof MailError ? error : faultOf(error)
  } finally {
    clearTimeout(timer)
    transport.close()
  }
}
