import type { EnginePool, FaceLimits } from '@veridoor/engine'
import type { Clock, Database, EnvelopeCipher, JobKind, Jobs, Log } from '@veridoor/foundation'
import { z } from 'zod'
import type { PictureStore } from './pictures.ts'
import type { Session } from './schema.ts'

/** What the use cases of a session are given. */
export type SessionDeps = {
  readonly db: Database
  readonly cipher: EnvelopeCipher
  readonly clock: Clock
  readonly log: Log
  readonly jobs: Jobs
  readonly engine: EnginePool
  /** When two faces are one person's; the engine's own limits when left out. */
  readonly faceLimits?: FaceLimits
  readonly pictures: PictureStore
  /** Specimens are accepted, and marked as such. */
  readonly demonstration: boolean
  /** Engine workers, which take as many checks at one time. */
  readonly workers?: number
  /** Checks that may wait or run at one time; more are asked to come again. */
  readonly queueLimit?: number
}

const ById = z.object({ id: z.string() })
/** Assesses a session, by its id: once, and three more times at most where that fails. */
export const assessJob: JobKind<typeof ById> = {
  queue: 'assess',
  payload: ById,
  retryLimit: 3,
  retryDelaySec: 5,
  // Three jobs of the engine at most, a minute each, the first one twice when its worker is lost; and those that go before them.
  expireSec: 300,
}
/** Tells the client that a session ended. About ten tries over two hours: the wire documents no number. */
export const callbackJob: JobKind<typeof ById> = { queue: 'callback', payload: ById, retryLimit: 10, retryDelaySec: 5 }
/** Tells the client that the pictures of a session have arrived. Tried as often as the other callback. */
export const arrivedJob: JobKind<typeof ById> = { ...callbackJob, queue: 'arrived' }

/** Additional data of a session's encrypted picture key: it cannot be decrypted for another session. */
export const pictureKeyAad = (id: string): string => `session:${id}:pictures`
/** The key of a session's pictures; null when it was deleted, and the pictures with it. @throws {DecryptionError} */
export const keyOf = (
  { cipher }: Pick<SessionDeps, 'cipher'>,
  session: Pick<Session, 'id' | 'pictureKey'>,
): Buffer | null =>
  session.pictureKey ? Buffer.from(cipher.decrypt(session.pictureKey, pictureKeyAad(session.id)), 'base64') : null
/** Additional data of a session's encrypted verdict. */
export const verdictAad = (id: string): string => `session:${id}:verdict`
