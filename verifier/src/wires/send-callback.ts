import type { VerifierDeps } from '../deps.ts'
import { callbackJob } from '../session/deps.ts'
import { verdictOf } from '../session/end.ts'
import type { Session } from '../session/schema.ts'
import { findSession, updateIfUnchanged } from '../session/store.ts'
import { wires } from './index.ts'
import type { CallbackMessage } from './wire.ts'

const TIMEOUT_MS = 10_000

/** Posts to a client's callback address. `status` is null when nobody answered. */
const post = async (
  { fetch }: VerifierDeps,
  url: string,
  { contentType, body }: CallbackMessage,
): Promise<{ status: number | null; isAccepted: boolean }> => {
  const status = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': contentType, 'user-agent': 'Veridoor Verifier/0.1' },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
    .then(async (answer) => {
      await answer.body?.cancel()
      return answer.status
    })
    .catch(() => null)
  return { status, isAccepted: status !== null && status >= 200 && status < 300 }
}

/** Queues the callback of an ended session once more, by hand. False when there is nothing to send, or nowhere to send it. */
export const sendCallbackAgain = async (deps: VerifierDeps, session: Session): Promise<boolean> => {
  if (session.state === 'PENDING' || session.erasedAt || !session.callbackUrl) return false
  const now = deps.clock.now()
  return deps.db.transaction(async (tx) => {
    const changed = await updateIfUnchanged(tx, session, { callbackState: 'queued' }, now)
    if (changed) await deps.jobs.send(callbackJob, { id: session.id }, { tx, key: `callback ${session.id} again` })
    return changed !== undefined
  })
}

/**
 * Sends the callback of an ended session. The job's queue repeats it with growing gaps until the client answers 2xx. A lost callback
 * costs time only, since clients poll.
 * @throws {Error} when the callback was not accepted, so that the job is repeated
 */
export const sendCallback = async (deps: VerifierDeps, id: string): Promise<void> => {
  const session = await findSession(deps.db, id)
  if (!session?.callbackUrl || session.callbackState === 'sent') return
  const verdict = verdictOf(deps, session)
  if (!verdict) return
  const now = deps.clock.now()
  const kept = await deps.pictures.kept(session.id)
  const message = wires[session.generation].finished(session, verdict, { url: deps.url, now, kept })
  const { status, isAccepted } = await post(deps, session.callbackUrl, message)
  const fields = {
    callbackState: isAccepted ? ('sent' as const) : ('failing' as const),
    callbackStatus: status,
    callbackTries: session.callbackTries + 1,
    callbackAt: now,
  }
  await updateIfUnchanged(deps.db, session, fields, now)
  if (!isAccepted) throw new Error('the callback was not accepted')
}

/**
 * Sends the callback that the pictures have arrived, for clients that asked for it. Not once the check has ended, whose own callback
 * says more.
 * @throws {Error} when the callback was not accepted, so that the job is repeated
 */
export const sendArrived = async (deps: VerifierDeps, id: string): Promise<void> => {
  const session = await findSession(deps.db, id)
  if (!session?.callbackUrl || session.state !== 'PENDING') return
  const message = wires[session.generation].arrived?.(session, deps.clock.now())
  if (!message) return
  const { isAccepted } = await post(deps, session.callbackUrl, message)
  if (!isAccepted) throw new Error('the callback was not accepted')
}
