import type { Clock, Database, EnvelopeCipher, Jobs } from '@veridoor/foundation'
import type { Audit } from '../audit/index.ts'
import type { mails } from './schema.ts'
import type { Smtp } from './settings.ts'

/** What every use case of this room is given. */
export type MailParts = {
  readonly db: Database
  readonly cipher: EnvelopeCipher
  readonly clock: Clock
  readonly jobs: Jobs
  readonly audit: Audit
  /** Where messages go; undefined: they are kept for the console. */
  readonly smtp: Smtp | undefined
}
/** A message as it is stored: `head` and `body` are encrypted for the row; `body` is null once it was sent or has failed. */
export type Mail = typeof mails.$inferSelect

/** Additional data that the two columns are encrypted with. */
export const headAad = (id: string): string => `mail:${id}:head`
export const bodyAad = (id: string): string => `mail:${id}:body`
