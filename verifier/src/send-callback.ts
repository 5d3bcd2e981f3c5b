import { callbackJob, type VerifierDeps } from './deps.ts'
import { openResult } from './end-session.ts'
import { callbackBody, isPlatform } from './platform/answers.ts'
import type { Session } from './schema.ts'
import { change, findSession } from './store.ts'
import { callbackForm } from './v4/answers.ts'
import { arrivedForm } from './v4/arrived-form.ts'

const TIMEOUT_MS = 10_000
const FORM = 'application/x-www-form-urlencoded'

/** Posts to a client's bell. `status` is null when nobody answered. */
const ring = async (
  { fetch }: VerifierDeps,
  url: string,
  type: string,
  body: string,
): Promise<{ status: number | null; isOk: boolean }> => {
  const status = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': type, 'user-agent': 'Veridoor Verifier/0.1' },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
    .then(async (answer) => {
      await answer.body?.cancel()
      return answer.status
    })
    .catch(() => null)
  return { status, isOk: status !== null && status >= 200 && status < 300 }
}

/** Queues the callback of an ended session once more, by hand. False when there is nothing to send, or nowhere to send it. */
export const sendCallbackAgain = async (deps: VerifierDeps, session: Session): Promise<boolean> => {
  if (session.state === 'PENDING' || session.erasedAt || !session.callbackUrl) return false
  const at = deps.clock.now()
  return deps.db.transaction(async (tx) => {
    const changed = await change(tx, session, { callbackState: 'queued' }, at)
    if (changed) await deps.jobs.send(callbackJob, { id: session.id }, { tx, key: `callback ${session.id} again` })
    return changed !== undefined
  })
}

/**
 * Rings the client's bell: with the result as a form (v4), or with ids and a status (Platform). Anything but 2xx is tried again with growing gaps by the job's queue; a lost
 * callback costs time only, since clients poll.
 */
export const sendCallback = async (deps: VerifierDeps, id: string): Promise<void> => {
  const session = await findSession(deps.db, id)
  if (!session?.callbackUrl || session.callbackState === 'sent') return
  const result = openResult(deps, session)
  if (!result) return
  const at = deps.clock.now()
  const kept = await deps.pictures.kept(session.id)
  const [type, body] = isPlatform(session)
    ? (['application/json', callbackBody(session, deps.url, at)] as const)
    : ([FORM, callbackForm(session, result, at, { url: deps.url, kept }).toString()] as const)
  const { status, isOk } = await ring(deps, session.callbackUrl, type, body)
  await change(
    deps.db,
    session,
    {
      callbackState: isOk ? 'sent' : 'failing',
      callbackStatus: status,
      callbackTries: session.callbackTries + 1,
      callbackAt: at,
    },
    at,
  )
  if (!isOk) throw new Error('the callback was not accepted')
}

/**
 * Rings the bell of a client that asked for all steps: the pictures are here. Not once the check has ended, whose own callback says more;
 * what is noted of that one stays as it is.
 */
export const sendArrived = async (deps: VerifierDeps, id: string): Promise<void> => {
  const session = await findSession(deps.db, id)
  if (!session?.callbackUrl || session.state !== 'PENDING') return
  const { isOk } = await ring(deps, session.callbackUrl, FORM, arrivedForm(session, deps.clock.now()).toString())
  if (!isOk) throw new Error('the callback was not accepted')
}
