import { openResult } from './end-session.ts'
import type { VerifierParts } from './parts.ts'
import { callbackBody, isPlatform } from './platform/answers.ts'
import { change, findSession } from './store.ts'
import { callbackForm } from './v4/answers.ts'

const TIMEOUT_MS = 10_000

/**
 * Rings the client's bell: with the result as a form (v4), or with ids and a status (Platform). Anything but 2xx is tried again with growing gaps by the job's queue; a lost
 * callback costs time only, since clients poll.
 */
export const sendCallback = async (parts: VerifierParts, id: string): Promise<void> => {
  const session = await findSession(parts.db, id)
  if (!session?.callbackUrl || session.callbackState === 'sent') return
  const result = openResult(parts, session)
  if (!result) return
  const at = parts.clock.now()
  const [type, body] = isPlatform(session)
    ? (['application/json', callbackBody(session, parts.url, at)] as const)
    : (['application/x-www-form-urlencoded', callbackForm(session, result, at).toString()] as const)
  const answer = await parts.fetch(session.callbackUrl, {
    method: 'POST',
    headers: { 'content-type': type, 'user-agent': 'Veridoor Verifier/0.1' },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  await answer.body?.cancel()
  const isOk = answer.status >= 200 && answer.status < 300
  await change(parts.db, session, { callbackState: isOk ? 'sent' : 'failing', callbackStatus: answer.status }, at)
  if (!isOk) throw new Error('the callback was not accepted')
}
