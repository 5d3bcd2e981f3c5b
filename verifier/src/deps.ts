import type { EnginePool, FaceLimits } from '@veridoor/engine'
import type { Clock, Database, EnvelopeCipher, JobKind, Jobs, Log } from '@veridoor/foundation'
import { z } from 'zod'
import type { PictureStore } from './pictures.ts'
import type { Session } from './schema.ts'

/** What every use case of the verifier is given. */
export type VerifierDeps = {
  readonly db: Database
  readonly cipher: EnvelopeCipher
  readonly clock: Clock
  readonly log: Log
  readonly jobs: Jobs
  /** Where two faces are one person's; the usual ones when left out. */
  readonly faceLimits?: FaceLimits
  readonly engine: EnginePool
  readonly pictures: PictureStore
  readonly fetch: typeof fetch
  readonly url: string
  readonly demonstration: boolean
  /** Addresses on this machine may be called back and returned to. */
  readonly allowLoopback: boolean
  /** Engine workers, which take as many checks at one time. */
  readonly workers?: number
  /** Checks that may wait or run at one time; more are asked to come again. */
  readonly lineLimit?: number
  /** Opens the portal; without one there is none. */
  readonly portalSecret?: string | null
  /** Proxies whose word counts on who is calling. */
  readonly trustedProxies?: readonly string[]
  /** Where the built capture page lies. */
  readonly pagesFolder: string
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
/** Ours, as the wire documents none: about ten tries over two hours. */
export const callbackJob: JobKind<typeof ById> = { queue: 'callback', payload: ById, retryLimit: 10, retryDelaySec: 5 }
/** The extra bell of `onAllSteps`: pictures have arrived (wire contract, 3.14). Tried as often as the other. */
export const arrivedJob: JobKind<typeof ById> = { ...callbackJob, queue: 'arrived' }

/** What a session's sealed picture key is bound to: sealed for one session, it opens for no other. */
export const keyRow = (id: string): string => `session:${id}:pictures`
/** The key of a session's pictures; null when it is gone, and they with it. @throws {SealBroken} */
export const keyOf = (
  { cipher: box }: Pick<VerifierDeps, 'cipher'>,
  session: Pick<Session, 'id' | 'pictureKey'>,
): Buffer | null =>
  session.pictureKey ? Buffer.from(box.decrypt(session.pictureKey, keyRow(session.id)), 'base64') : null
/** What a session's sealed result is bound to, as `keyRow` for its key. */
export const resultRow = (id: string): string => `session:${id}:result`
