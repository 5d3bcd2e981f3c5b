import { CancelOrder } from '@veridoor/contract'
import type { FastifyInstance } from 'fastify'
import { assessJob, type VerifierDeps } from '../deps.ts'
import { endSession } from '../end-session.ts'
import { isLineFull } from '../line.ts'
import { change, lockSession } from '../store.ts'
import { nothingUploaded } from '../v4/result.ts'
import type { CaptureCalls } from './calls.ts'
import { assertOpen, Fault } from './fault.ts'
import { stepOf } from './view.ts'

/** What comes after the pictures: the person sends them off, or stops. */
export const mountEnd = (scope: FastifyInstance, deps: VerifierDeps, { sessionOf, view }: CaptureCalls): void => {
  const { db, clock } = deps
  scope.post('/submit', async (request) => {
    const session = await sessionOf(request)
    if (session.phase === 'checking') return view(session)
    assertOpen(session)
    if (stepOf(session) !== 'submit') throw new Fault('WRONG_STEP')
    if (await isLineFull(deps)) throw new Fault('BUSY')
    const at = clock.now()
    const checking = await db.transaction(async (tx) => {
      // Another selfie or a refused picture may have come since it was read.
      const held = await lockSession(tx, session.id)
      if (!held || stepOf(held) !== 'submit') return undefined
      const changed = await change(tx, session, { phase: 'checking', lastActionAt: at }, at, session.device)
      if (changed)
        await deps.jobs.send(assessJob, { id: changed.id }, { tx, key: `assess ${changed.id} ${changed.attempt}` })
      return changed
    })
    if (!checking) throw new Fault('WRONG_STEP')
    return view(checking)
  })

  scope.post('/cancel', async (request) => {
    const session = await sessionOf(request)
    assertOpen(session)
    const order = CancelOrder.safeParse(request.body ?? {})
    if (!order.success) throw new Fault('INVALID_INPUT')
    const { because } = order.data
    const ended = await endSession(deps, session, {
      state: 'FAILED',
      how: 'cancelled',
      because,
      result: nothingUploaded(),
    })
    if (!ended) throw new Fault('WRONG_STEP')
    return view(ended)
  })
}
