import { isSameFace } from '@veridoor/engine'
import type { Executor } from '@veridoor/foundation'
import { and, asc, eq, gt, ne } from 'drizzle-orm'
import { keyOf, type SessionDeps } from './deps.ts'
import { faces, type Session } from './schema.ts'
import { clientOf, lockUnerased } from './store.ts'
import type { Verdict } from './verdict.ts'

const PAGE = 500
/** Transactions named in a result at most. */
const NAMED = 10

const faceAad = (id: string): string => `session:${id}:face`

const toText = (descriptor: Float32Array): string =>
  Buffer.from(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength).toString('base64')
const toDescriptor = (text: string): Float32Array =>
  new Float32Array(new Uint8Array(Buffer.from(text, 'base64')).buffer)

/** Sessions of other people of the same client that show this face. Every kept face is decrypted and compared, so the time grows with their number. */
const search = async (deps: SessionDeps, session: Session, descriptor: Float32Array): Promise<string[]> => {
  const found: string[] = []
  let last = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const page = await deps.db
      .select()
      .from(faces)
      .where(and(eq(faces.client, session.client), ne(faces.person, session.person), gt(faces.session, last)))
      .orderBy(asc(faces.session))
      .limit(PAGE)
    for (const row of page)
      if (
        isSameFace(descriptor, toDescriptor(deps.cipher.decrypt(row.descriptor, faceAad(row.session))), deps.faceLimits)
      )
        found.push(row.session)
    last = page.at(-1)?.session ?? last
    if (page.length < PAGE || found.length >= NAMED) return found.slice(0, NAMED)
  }
}

/**
 * Searches for a face that matched its document among the other people of the same client, where the client has that switched on. What
 * is found is a hint (wire contract, 3.11 and 4.13): a person looks, nothing is refused because of it. The face is kept, encrypted,
 * until its session's data are deleted.
 *
 * @throws when the engine failed, so that the assessment is tried again: a search that did not happen must not look like one without
 * a result
 */
export const withFaceSearch = async (deps: SessionDeps, session: Session, verdict: Verdict): Promise<Verdict> => {
  if (verdict.outcome !== 'read' || verdict.face?.similarity !== 'match') return verdict
  // A selfie that does not count must not stand for the person on the document; one without a movement check may.
  if (!verdict.face.isValid && verdict.face.reason !== 'liveness_not_assessed') return verdict
  const client = await clientOf(deps.db, session)
  const key = keyOf(deps, session)
  const selfie = client.findRepeatedFaces && key ? await deps.pictures.read(session.id, 'selfie', key) : undefined
  if (!selfie) return verdict
  const descriptor = await deps.engine.run('describe', { picture: selfie })
  if (!descriptor) return verdict
  // Kept before it is compared: of two sessions at the same moment, one at least sees the other.
  const encrypted = deps.cipher.encrypt(toText(descriptor), faceAad(session.id))
  const isKept = await deps.db.transaction(async (tx) => {
    if (!(await lockUnerased(tx, session.id))) return false
    await tx
      .insert(faces)
      .values({ session: session.id, client: session.client, person: session.person, descriptor: encrypted })
      .onConflictDoUpdate({ target: faces.session, set: { descriptor: encrypted } })
    return true
  })
  if (!isKept) return verdict
  return { ...verdict, repeatedFaces: await search(deps, session, descriptor) }
}

/** Removes the face that is kept of a session. Safe to repeat. */
export const forgetFace = async (ex: Executor, session: string): Promise<void> => {
  await ex.delete(faces).where(eq(faces.session, session))
}
