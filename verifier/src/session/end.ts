import type { Transaction } from '@veridoor/foundation'
import { callbackJob, type SessionDeps, verdictAad } from './deps.ts'
import { LIVE_FILE } from './movement/run-challenge.ts'
import { removeOrphans } from './orphans.ts'
import { redact } from './redact.ts'
import type { EndedBecause, EndedHow, Session } from './schema.ts'
import { clientOf, transition } from './store.ts'
import { Verdict } from './verdict.ts'

const DAY_MS = 86_400_000
/** Milliseconds after which no call that began before an end is still running: the longest one sends a picture. */
export const CALL_MS = 60_000

/** Removes all pictures of a session that ended without a verdict or was erased. Files that stay, by a fault of the disk, are removed by the sweep. */
export const removePictures = async ({ pictures, log }: SessionDeps, id: string): Promise<void> => {
  await pictures.remove(id).catch((error: unknown) => log.warn('pictures.not_removed', { id, error }))
}

/** How a session ends. */
export type End = {
  readonly status: 'done' | 'failed'
  readonly how: EndedHow
  readonly verdict: Verdict
  readonly because?: EndedBecause | null
}

/**
 * Ends a session once: verdict, state and the callback's job in one transaction. A second caller finds nothing to do. Pictures of a
 * check without a verdict are removed at once, and those that came meanwhile by the sweep; the others after the client's retention time.
 */
export const endSession = async (deps: SessionDeps, session: Session, end: End): Promise<Session | undefined> => {
  const { db, cipher, clock, jobs, pictures } = deps
  const now = clock.now()
  const isFailed = end.status === 'failed'
  const client = await clientOf(db, session)
  const verdict = JSON.stringify(redact(end.verdict, client, session))
  const fields = {
    endedHow: end.how,
    endedAt: now,
    verdict: cipher.encrypt(verdict, verdictAad(session.id)),
    callbackState: session.callbackUrl ? ('queued' as const) : ('none' as const),
    eraseAfter: new Date(now.getTime() + client.retentionDays * DAY_MS),
    ...(end.because ? { endedBecause: end.because } : {}),
    ...(isFailed ? { pictureKey: null, orphansAt: new Date(now.getTime() + CALL_MS) } : {}),
  }
  const ended = await db.transaction(async (tx: Transaction) => {
    const row = await transition(tx, session, isFailed ? 'fail' : 'finish', fields, now)
    if (row?.callbackUrl) await jobs.send(callbackJob, { id: row.id }, { tx, key: `callback ${row.id}` })
    return row
  })
  if (ended && isFailed) await removePictures(deps, session.id)
  else if (ended) {
    for (const prefix of [LIVE_FILE, 'frame-']) await pictures.drop(session.id, prefix)
    await removeOrphans(deps, ended)
  }
  return ended
}

/** The verdict of a session; null where there is none yet, or no longer. @throws {DecryptionError} */
export const verdictOf = (deps: Pick<SessionDeps, 'cipher'>, session: Session): Verdict | null =>
  session.verdict ? Verdict.parse(JSON.parse(deps.cipher.decrypt(session.verdict, verdictAad(session.id)))) : null
