import { randomBytes, randomUUID } from 'node:crypto'
import { digest, newToken } from '@veridoor/foundation'
import { pictureKeyAad, type SessionDeps } from '../session/deps.ts'
import type { sessions } from '../session/schema.ts'
import { statuses } from '../session/states.ts'
import { insertSession } from '../session/store.ts'

type Row = typeof sessions.$inferInsert
/** What an API says about a new session. */
export type NewSession = Omit<
  Row,
  | 'id'
  | 'state'
  | 'phase'
  | 'tokenDigest'
  | 'lastActionAt'
  | 'sides'
  | 'pictureKey'
  | 'createdAt'
  | 'updatedAt'
  | 'person'
> & { person?: string }

const missing = { state: 'missing', code: null } as const

/** Opens a session for a call of either API. @returns its id, and the token of its capture page */
export const openSession = async (
  deps: SessionDeps,
  { person, ...order }: NewSession,
): Promise<{ id: string; token: string }> => {
  const now = deps.clock.now()
  const id = randomUUID()
  const token = newToken()
  await insertSession(deps.db, {
    ...order,
    id,
    ...statuses.open,
    // A session that names nobody is about a person of its own.
    person: person || id,
    tokenDigest: digest(token),
    lastActionAt: now,
    sides: { front: missing, back: missing, selfie: missing },
    pictureKey: deps.cipher.encrypt(randomBytes(32).toString('base64'), pictureKeyAad(id)),
    createdAt: now,
    updatedAt: now,
  })
  return { id, token }
}
