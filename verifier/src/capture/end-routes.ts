import { CancelOrder } from '@veridoor/contract'
import type { FastifyInstance } from 'fastify'
import type { VerifierDeps } from '../deps.ts'
import { assessJob } from '../session/deps.ts'
import { endSession } from '../session/end.ts'
import { isQueueFull } from '../session/queue.ts'
import { stepOf } from '../session/steps.ts'
import { lockSession, transition } from '../session/store.ts'
import { nothingSent } from '../session/verdict.ts'
import type { CaptureCalls } from './calls.ts'
import { assertOpen, CaptureError } from './error.ts'

/** What comes after the pictures: the person sends them off, or stops. */
export const mountEnd = (scope: FastifyInstance, deps: VerifierDeps, { sessionOf, view }: CaptureCalls): void => {
  const { db, clock } = deps
  scope.post('/submit', async (request) => {
    const session = await sessionOf(request)
    if (session.phase === 'checking') return view(session)
    assertOpen(session)
    if (stepOf(session) !== 'submit') throw new CaptureError('WRONG_STEP')
    if (await isQueueFull(deps)) throw new CaptureError('BUSY')
    const now = clock.now()
    const checking = await db.transaction(async (tx) => {
      // Another selfie or a refused picture may have come since it was read.
      const held = await lockSession(tx, session.id)
      if (!held || stepOf(held) !== 'submit') return undefined
      const changed = await transition(tx, session, 'submit', { lastActionAt: now }, now, session.device)
      if (changed)
        await deps.jobs.send(assessJob, { id: changed.id }, { tx, key: `assess ${changed.id} ${changed.attempt}` })
      return changed
    })
    if (!checking) throw new CaptureError('WRONG_STEP')
    return view(checking)
  })

  scope.post('/cancel', async (request) => {
    const session = await sessionOf(request)
    assertOpen(session)
    const order = CancelOrder.safeParse(request.body ?? {})
    if (!order.success) throw new CaptureError('INVALID_INPUT')
    const { because } = order.data
    const ended = await endSession(deps, session, {
      status: 'failed',
      how: 'cancelled',
      because,
      verdict: nothingSent,
    })
    if (!ended) throw new CaptureError('WRONG_STEP')
    return view(ended)
  })
}
