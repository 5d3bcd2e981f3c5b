import { isSameFace } from '@veridoor/engine'
import type { Executor } from '@veridoor/foundation'
import { and, asc, eq, gt, ne } from 'drizzle-orm'
import { keyOf, type VerifierDeps } from './deps.ts'
import { faces, type Session } from './schema.ts'
import { clientOf, holdUnerased } from './store.ts'
import { LIVENESS_NOT_ASSESSED, type V4Result } from './v4/result.ts'

const PAGE = 500
/** Transactions named in a result at most. */
const NAMED = 10

const faceRow = (id: string): string => `session:${id}:face`

/** Who a session is about, as its client says it; one person may be checked as often as they like. */
export const personOf = (session: Session): string => session.userReference || (session.platform?.account ?? session.id)

const toText = (descriptor: Float32Array): string =>
  Buffer.from(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength).toString('base64')
const toDescriptor = (text: string): Float32Array =>
  new Float32Array(new Uint8Array(Buffer.from(text, 'base64')).buffer)

/** Sessions of other people of the same client that show this face. Every kept face is opened and compared: the time grows with their number. */
const search = async (deps: VerifierDeps, session: Session, descriptor: Float32Array): Promise<string[]> => {
  const found: string[] = []
  let last = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const page = await deps.db
      .select()
      .from(faces)
      .where(and(eq(faces.client, session.client), ne(faces.person, personOf(session)), gt(faces.session, last)))
      .orderBy(asc(faces.session))
      .limit(PAGE)
    for (const row of page)
      if (isSameFace(descriptor, toDescriptor(deps.cipher.decrypt(row.sealed, faceRow(row.session))), deps.faceLimits))
        found.push(row.session)
    last = page.at(-1)?.session ?? last
    if (page.length < PAGE || found.length >= NAMED) return found.slice(0, NAMED)
  }
}

/**
 * Looks whether a face that matched its document was seen with another person of the same client, where the client has that switched
 * on. What is found is a hint (wire contract, 3.11 and 4.13): a person looks, nothing is refused by it. The face is kept, sealed,
 * until its session's data go.
 *
 * @throws when the engine failed, so that the assessment is tried again: a search that did not happen finds nothing
 */
export const withFaceSearch = async (deps: VerifierDeps, session: Session, result: V4Result): Promise<V4Result> => {
  const { document, verification } = result
  const face = verification?.identityVerification as
    | { similarity?: string; validity?: string; reason?: string }
    | undefined
  // A selfie that is none must not stand for the person on the document. One that nobody saw move is a selfie.
  const isSelfie = face?.validity === 'true' || face?.reason === LIVENESS_NOT_ASSESSED
  const isTheirs = face?.similarity === 'MATCH' && isSelfie
  if (document.status !== 'APPROVED_VERIFIED' || !isTheirs) return result
  const client = await clientOf(deps.db, session)
  const key = keyOf(deps, session)
  const selfie = client.findRepeatedFaces && key ? await deps.pictures.read(session.id, 'selfie', key) : undefined
  if (!selfie) return result
  const descriptor = await deps.engine.run('describe', { picture: selfie })
  if (!descriptor) return result
  // Kept before it is compared: of two sessions at the same moment, one at least sees the other.
  const sealed = deps.cipher.encrypt(toText(descriptor), faceRow(session.id))
  const isKept = await deps.db.transaction(async (tx) => {
    if (!(await holdUnerased(tx, session.id))) return false
    await tx
      .insert(faces)
      .values({ session: session.id, client: session.client, person: personOf(session), sealed })
      .onConflictDoUpdate({ target: faces.session, set: { sealed } })
    return true
  })
  if (!isKept) return result
  const findings = await search(deps, session, descriptor)
  return {
    ...result,
    verification: {
      ...verification,
      additionalChecks: { faceSearchFindings: { status: 'DONE', ...(findings.length > 0 ? { findings } : {}) } },
    },
  }
}

/** Removes the face that is kept of a session. Safe to repeat. */
export const forgetFace = async (ex: Executor, session: string): Promise<void> => {
  await ex.delete(faces).where(eq(faces.session, session))
}
