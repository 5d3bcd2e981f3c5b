import type { CaptureSide } from '@veridoor/contract'
import { type Assessment, EngineError, isFileFault, type RetakeCode } from '@veridoor/engine'
import { documents, needsBack } from './accepted.ts'
import { decide, fieldsOf, isUnsupported, unreadable } from './decide.ts'
import { assessJob, keyOf, type SessionDeps } from './deps.ts'
import { endSession } from './end.ts'
import { withFaceSearch } from './face-search.ts'
import { framesOf } from './frames.ts'
import { LIVE_FILE } from './movement/run-challenge.ts'
import { withPictureSearch } from './picture-search.ts'
import { differenceOf, preparedDataOf } from './prepared-data.ts'
import { wantsFace } from './rules.ts'
import type { Session } from './schema.ts'
import { LAST_ATTEMPT } from './states.ts'
import { clientOf, findSession, markTried, transition, withSide } from './store.ts'
import { nothingSent, type Verdict } from './verdict.ts'

/** Milliseconds after which a check is taken up again that the engine had no time for. */
const BUSY_MS = 10_000

/** Asks for one picture again, with its reason; the other pictures stay. */
const askAgain = async (deps: SessionDeps, session: Session, side: CaptureSide, code: RetakeCode): Promise<void> => {
  const now = deps.clock.now()
  const fields = {
    retake: { side, code },
    triedAt: null,
    ...withSide(side, { state: 'retake', code }),
    lastActionAt: now,
  }
  await transition(deps.db, session, 'askAgain', fields, now)
}

type Pictures = { front: Uint8Array[]; back?: Uint8Array[]; selfie?: Uint8Array; live?: Uint8Array }

const picturesOf = async (deps: SessionDeps, session: Session): Promise<Pictures | null> => {
  const key = keyOf(deps, session)
  if (!key) return null
  const front = await deps.pictures.read(session.id, 'front', key)
  // A back that came by API counts whatever it was sent for; on the page it counts only while the chosen document has one.
  const usesBack = session.sides.back.state === 'accepted' && (session.source === 'api' || needsBack(session.choice))
  const back = usesBack ? await deps.pictures.read(session.id, 'back', key) : undefined
  const selfie = wantsFace(session) ? await deps.pictures.read(session.id, 'selfie', key) : undefined
  if (!front || (wantsFace(session) && !selfie)) return null
  const live = session.livenessOutcome === 'passed' ? await deps.pictures.read(session.id, LIVE_FILE, key) : undefined
  // Without its frame nothing shows that the person who moved is the one on the document.
  if (session.livenessOutcome === 'passed' && selfie && !live)
    throw new Error('the frame of a passed challenge is missing')
  // First the picture that the person looked at, then what the camera saw right around it: the engine votes over them.
  return {
    front: [front, ...(await framesOf(deps, session, 'front', key))],
    ...(back ? { back: [back, ...(await framesOf(deps, session, 'back', key))] } : {}),
    ...(selfie ? { selfie } : {}),
    ...(live ? { live } : {}),
  }
}

/** The document's faults first: without it the selfie cannot be compared with anything. */
const firstRetake = (assessment: Assessment): { side: CaptureSide; code: RetakeCode } | null => {
  const [document] = isUnsupported(assessment) ? (['document_unsupported'] as const) : assessment.document.retake
  if (document) return { side: assessment.document.retakeSide ?? 'front', code: document }
  const [selfie] = assessment.selfie?.retake ?? []
  return selfie ? { side: 'selfie', code: selfie } : null
}

const isWorkerLoss = (error: unknown): error is EngineError =>
  error instanceof EngineError && (error.code === 'worker_lost' || error.code === 'timeout')

/** A worker may be lost for another reason than these pictures, so one loss is tried again. Pictures that cost two workers are refused. */
const assessPictures = async (deps: SessionDeps, session: Session, pictures: Pictures): Promise<Assessment> => {
  const chosen = session.choice ?? session.preset
  // A document that is not offered is read as what it turns out to be.
  const isOffered = documents(deps.demonstration).some(
    ({ country, type }) => country === chosen?.country && type === chosen.type,
  )
  const kind = isOffered ? chosen?.type : undefined
  const order = { ...pictures, ...(kind ? { kind } : {}), today: deps.clock.now().toISOString() }
  try {
    return await deps.engine.run('assess', order)
  } catch (error) {
    if (!isWorkerLoss(error)) throw error
    return deps.engine.run('assess', order)
  }
}

/** Compares the client's own data with everything that was read, before `redact` hides a field: what it asked to be checked is checked. */
const withSupportingData = async (
  deps: SessionDeps,
  session: Session,
  assessment: Assessment,
  verdict: Verdict,
): Promise<Verdict> => {
  const said = await preparedDataOf(deps, session)
  const difference = said && differenceOf(said, fieldsOf(assessment))
  return difference && verdict.outcome !== 'nothing_sent' ? { ...verdict, dataDifference: difference } : verdict
}

/** Pictures that the engine could not open, or that cost it two workers. */
const endUnusable = async (deps: SessionDeps, session: Session): Promise<void> => {
  await endSession(deps, session, {
    status: 'done',
    how: 'three_tries_used',
    verdict: unreadable(session, ['file_not_usable']),
  })
}

/**
 * Assesses what a person sent, in an engine worker. Runs again after a crash; the verdict is written by compare-and-set, so that there
 * is exactly one.
 *
 * @throws when the engine itself failed, so that the job is tried again
 */
export const assessSession = async (deps: SessionDeps, id: string): Promise<void> => {
  const session = await findSession(deps.db, id)
  if (session?.state !== 'PENDING' || session.phase !== 'checking') return
  await markTried(deps.db, session, deps.clock.now())
  // A person whose movements were not seen in three tries is not asked for pictures again: the check is decided.
  const mayAskAgain = session.attempt < LAST_ATTEMPT && session.livenessOutcome !== 'failed'
  const pictures = await picturesOf(deps, session)
  if (!pictures) return mayAskAgain ? askAgain(deps, session, 'front', 'no_document') : endUnusable(deps, session)
  const startedMs = Date.now()
  let assessment: Assessment
  try {
    assessment = await assessPictures(deps, session, pictures)
  } catch (error) {
    const isUnusable = isWorkerLoss(error) || (error instanceof EngineError && isFileFault(error.code))
    if (!isUnusable) throw error
    return mayAskAgain ? askAgain(deps, session, 'front', 'file_not_usable') : endUnusable(deps, session)
  }
  const ms = Date.now() - startedMs
  deps.log.info('session.assessed', { id, ms, code: assessment.verdict, attempt: session.attempt })
  const fault = firstRetake(assessment)
  if (fault && mayAskAgain) return askAgain(deps, session, fault.side, fault.code)
  const client = await clientOf(deps.db, session)
  const decided = decide(session, client, assessment, deps.demonstration)
  const compared = await withSupportingData(deps, session, assessment, decided)
  const searched = await withFaceSearch(deps, session, compared)
  await endSession(deps, session, {
    status: 'done',
    how: fault ? 'three_tries_used' : 'submitted',
    verdict: await withPictureSearch(deps, session, assessment, searched),
  })
}

/**
 * As `assessSession`. A fault of our own after the last try ends the check, so that nobody waits on for nothing. An engine that has no
 * time, for instance because it is being stopped, is not such a fault: the check is taken up a little later.
 */
export const assessOrFail = async (deps: SessionDeps, id: string, { isLast }: { isLast: boolean }): Promise<void> => {
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
      status: 'failed',
      how: 'interrupted',
      because: 'engine_fault',
      verdict: nothingSent,
    })
  }
}
