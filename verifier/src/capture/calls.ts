import type { CaptureSession } from '@veridoor/contract'
import type { FastifyRequest } from 'fastify'
import type { VerifierDeps } from '../deps.ts'
import { findLastOf } from '../session/devices.ts'
import { queuePositionOf } from '../session/queue.ts'
import { endsAtMs } from '../session/rules.ts'
import type { Session } from '../session/schema.ts'
import { clientOf, findSession, type SessionFields, updateIfUnchanged } from '../session/store.ts'
import { keysOf, roleOf } from './device-keys.ts'
import { assertOpen, CaptureError } from './error.ts'
import { toCaptureView } from './view.ts'

/** What the capture routes have in common: who asks, about which check, and what they are told. Everything here: @throws {CaptureError} */
export type CaptureCalls = ReturnType<typeof createCalls>

/** Finds the check of a device by the keys in its cookies; `act` alone changes something. */
export const createCalls = (deps: VerifierDeps) => {
  const { db, clock } = deps

  /** A session that may still be asked about. */
  const inTime = (session: Session | undefined): Session => {
    if (!session || session.erasedAt) throw new CaptureError('LINK_NOT_USABLE')
    if (session.phase === 'open' && endsAtMs(session) < clock.now().getTime()) throw new CaptureError('LINK_NOT_USABLE')
    return session
  }

  /** The check that a device asks about, by the device's own key. */
  const findCheck = async (request: FastifyRequest): Promise<{ session: Session; role: 'doing' | 'following' }> => {
    const keys = keysOf(request)
    const named = request.headers['x-capture-session']
    // A page of another origin on the same site cannot set this header: whatever changes something needs it.
    if (typeof named !== 'string' && request.method !== 'GET') throw new CaptureError('LINK_NOT_USABLE')
    const session = inTime(
      typeof named === 'string' && keys.some((key) => key.session === named)
        ? await findSession(db, named)
        : typeof named === 'string'
          ? undefined
          : await findLastOf(db, keys),
    )
    const role = roleOf(keys, session)
    if (!role) throw new CaptureError('OPEN_ELSEWHERE')
    return { session, role }
  }

  /** The check that this device is doing. */
  const sessionOf = async (request: FastifyRequest): Promise<Session> => {
    const { session, role } = await findCheck(request)
    if (role !== 'doing') throw new CaptureError('OPEN_ELSEWHERE')
    return session
  }

  /** A change by the person: only while the session is open; renews its time. */
  const act = async (session: Session, fields: SessionFields): Promise<Session> => {
    assertOpen(session)
    const now = clock.now()
    const times = { startedAt: session.startedAt ?? now, lastActionAt: now }
    const changed = await updateIfUnchanged(db, session, { ...fields, ...times }, now, session.device)
    if (!changed) throw new CaptureError('WRONG_STEP')
    return changed
  }

  const view = async (session: Session, role: 'doing' | 'following' = 'doing'): Promise<CaptureSession> => ({
    ...toCaptureView(deps, session, await clientOf(db, session), role),
    ...(await queuePositionOf(deps, session)),
  })
  return { inTime, findCheck, sessionOf, act, view }
}
