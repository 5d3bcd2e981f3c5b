import type { CapturePart } from '@veridoor/contract'
import { type Assessment, EngineError, isFileFault, type RetakeCode } from '@veridoor/engine'
import { documents, needsBack } from './accepted.ts'
import { framesOf } from './capture/frames.ts'
import { decideResult, isUnsupported } from './decide-result.ts'
import { assessJob, keyOf, type VerifierDeps } from './deps.ts'
import { endSession } from './end-session.ts'
import { withFaceSearch } from './face-search.ts'
import { LIVE_PART } from './movement/run-challenge.ts'
import { withPictureSearch } from './picture-search.ts'
import { differenceOf, preparedDataOf } from './platform/supporting-data.ts'
import type { Session } from './schema.ts'
import { LAST_ATTEMPT, wantsFace } from './session-rules.ts'
import { change, clientOf, findSession, markTried, withPart } from './store.ts'
import { dataOf, isOpenToSigns, nothingUploaded, notReadable, type V4Result, withSign } from './v4/result.ts'

/** Milliseconds after which a check is taken up again that the engine had no time for. */
const BUSY_MS = 10_000

/** Asks for one picture again, with its reason; the other pictures stay. */
const askAgain = async (deps: VerifierDeps, session: Session, part: CapturePart, code: RetakeCode): Promise<void> => {
  const at = deps.clock.now()
  await change(
    deps.db,
    session,
    {
      phase: 'open',
      attempt: session.attempt + 1,
      retake: { part, code },
      triedAt: null,
      ...withPart(part, { state: 'retake', code }),
      lastActionAt: at,
    },
    at,
  )
}

const picturesOf = async (
  deps: VerifierDeps,
  session: Session,
): Promise<{ front: Uint8Array[]; back?: Uint8Array[]; selfie?: Uint8Array; live?: Uint8Array } | null> => {
  const key = keyOf(deps, session)
  if (!key) return null
  const front = await deps.pictures.read(session.id, 'front', key)
  // By API a back comes with whatever it is sent for; on the page it counts only while the chosen document has one.
  const usesBack = session.parts.back.state === 'accepted' && (session.source === 'API' || needsBack(session.choice))
  const back = usesBack ? await deps.pictures.read(session.id, 'back', key) : undefined
  const selfie = wantsFace(session) ? await deps.pictures.read(session.id, 'selfie', key) : undefined
  if (!front || (wantsFace(session) && !selfie)) return null
  const live = session.livenessOutcome === 'passed' ? await deps.pictures.read(session.id, LIVE_PART, key) : undefined
  // Passed by frames that are gone: nothing holds the document and the person who moved together.
  if (session.livenessOutcome === 'passed' && selfie && !live)
    throw new Error('the frame of a passed challenge is gone')
  // The picture that the person looked at first, then what the camera saw right around it: the engine votes over them.
  return {
    front: [front, ...(await framesOf(deps, session, 'front', key))],
    ...(back ? { back: [back, ...(await framesOf(deps, session, 'back', key))] } : {}),
    ...(selfie ? { selfie } : {}),
    ...(live ? { live } : {}),
  }
}

/** The document's faults first: without it the selfie has nothing to be compared with. */
const firstRetake = (assessment: Assessment): { part: CapturePart; code: RetakeCode } | null => {
  const [document] = isUnsupported(assessment) ? (['document_unsupported'] as const) : assessment.document.retake
  if (document) return { part: assessment.document.retakeSide ?? 'front', code: document }
  const [selfie] = assessment.selfie?.retake ?? []
  return selfie ? { part: 'selfie', code: selfie } : null
}

const isLoss = (error: unknown): error is EngineError =>
  error instanceof EngineError && (error.code === 'worker_lost' || error.code === 'timeout')

/** A worker may be lost by a fault of ours, so one loss is tried again; pictures that cost two workers are none for us. */
const assessPictures = async (
  deps: VerifierDeps,
  session: Session,
  pictures: NonNullable<Awaited<ReturnType<typeof picturesOf>>>,
): Promise<Assessment> => {
  const chosen = session.choice ?? session.preset
  // Of a document that is not offered nothing is expected: it is read as what it turns out to be.
  const isOffered = documents(deps.demonstration).some(
    ({ country, type }) => country === chosen?.country && type === chosen.type,
  )
  const kind = isOffered ? chosen?.type : undefined
  const order = { ...pictures, ...(kind ? { kind } : {}), today: deps.clock.now().toISOString() }
  try {
    return await deps.engine.run('assess', order)
  } catch (error) {
    if (!isLoss(error)) throw error
    return deps.engine.run('assess', order)
  }
}

/**
 * Compared with all that was read, before the client's own wishes hide a field, or a sign for a person all of them: what it asked to
 * be checked is checked.
 */
const withSupportingData = async (
  deps: VerifierDeps,
  session: Session,
  assessment: Assessment,
  result: V4Result,
): Promise<V4Result> => {
  const said = await preparedDataOf(deps, session)
  const difference = said && differenceOf(said, dataOf(assessment))
  return difference ? { ...result, dataDifference: difference } : result
}

/** Netverify v4 has no word of its own for data that differ from the client's: a person looks. */
const withDifferenceTold = (session: Session, result: V4Result): V4Result =>
  result.dataDifference && !session.platform && isOpenToSigns(result)
    ? withSign(session, result, 'data_differs')
    : result

/**
 * Assesses what a person sent, in an engine worker. Runs again after a crash; the result is written by compare-and-set, so that
 * there is exactly one.
 *
 * @throws when the engine itself failed, so that the job is tried again
 */
export const assessSession = async (deps: VerifierDeps, id: string): Promise<void> => {
  const session = await findSession(deps.db, id)
  if (session?.state !== 'PENDING' || session.phase !== 'checking') return
  await markTried(deps.db, session, deps.clock.now())
  const pictures = await picturesOf(deps, session)
  if (!pictures) return askAgain(deps, session, 'front', 'no_document')
  const from = Date.now()
  let assessment: Assessment
  try {
    assessment = await assessPictures(deps, session, pictures)
  } catch (error) {
    if (isLoss(error) || (error instanceof EngineError && isFileFault(error.code))) {
      if (session.attempt < LAST_ATTEMPT && session.livenessOutcome !== 'failed')
        return askAgain(deps, session, 'front', 'file_not_usable')
      await endSession(deps, session, {
        state: 'DONE',
        how: 'three_tries_used',
        result: notReadable(session, 'file_not_usable'),
      })
      return
    }
    throw error
  }
  deps.log.info('session.assessed', { id, ms: Date.now() - from, code: assessment.verdict, attempt: session.attempt })
  const fault = firstRetake(assessment)
  // Whoever's movements were not seen in three tries is not asked for pictures again: it is decided.
  const mayAsk = session.attempt < LAST_ATTEMPT && session.livenessOutcome !== 'failed'
  if (fault && mayAsk) return askAgain(deps, session, fault.part, fault.code)
  const client = await clientOf(deps.db, session)
  const result = decideResult(session, client, assessment, deps.demonstration)
  const checked = await withSupportingData(deps, session, assessment, result)
  const searched = await withPictureSearch(deps, session, assessment, await withFaceSearch(deps, session, checked))
  await endSession(deps, session, {
    state: 'DONE',
    how: fault ? 'three_tries_used' : 'submitted',
    result: withDifferenceTold(session, searched),
  })
}

/**
 * As `assessSession`; a fault of ours that no further try comes after ends the check, so that nobody waits on for nothing. An engine
 * that has no time, as one that is being stopped, is none: the check is taken up a little later, by whoever runs then.
 */
export const assessOrGiveUp = async (
  deps: VerifierDeps,
  id: string,
  { isLast }: { isLast: boolean },
): Promise<void> => {
  try {
    await assessSession(deps, id)
  } catch (error) {
    if (!isLast) throw error
    if (error instanceof EngineError && error.code === 'busy') {
      const startAfter = new Date(deps.clock.now().getTime() + BUSY_MS)
      await deps.jobs.send(assessJob, { id }, { key: `assess ${id} busy`, startAfter })
      throw error
    }
    deps.log.error('session.not_judged', { id, error })
    const session = await findSession(deps.db, id)
    if (session?.state !== 'PENDING' || session.phase !== 'checking') return
    await endSession(deps, session, {
      state: 'FAILED',
      how: 'interrupted',
      because: 'engine_fault',
      result: nothingUploaded(),
    })
  }
}
