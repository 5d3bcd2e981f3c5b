import { type CaptureErrorCode, MovementOrder } from '@veridoor/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { VerifierDeps } from '../deps.ts'
import { toChallenge } from '../session/movement/clock.ts'
import { judgeChallenge } from '../session/movement/judge-challenge.ts'
import { FRAME_BYTES, startChallenge, takeFrame } from '../session/movement/run-challenge.ts'
import type { Session } from '../session/schema.ts'
import { stepOf } from '../session/steps.ts'
import type { CaptureCalls } from './calls.ts'
import { CaptureError } from './error.ts'

const refuse = (fault: CaptureErrorCode): never => {
  throw new CaptureError(fault)
}

/** The movement check (docs/guides/liveness.md): a challenge, its frames one after another, the judgement. */
export const mountMovement = (
  scope: FastifyInstance,
  deps: VerifierDeps,
  { sessionOf, act, view }: CaptureCalls,
): void => {
  const due = async (request: FastifyRequest): Promise<Session> => {
    const session = await sessionOf(request)
    if (session.phase === 'ended') refuse('SESSION_ENDED')
    if (stepOf(session) !== 'movement') refuse('WRONG_STEP')
    return session
  }

  scope.post('/movement', async (request) => {
    const order = MovementOrder.safeParse(request.body ?? {})
    if (!order.success) return refuse('INVALID_INPUT')
    // Asking for a challenge is acting: the session's fifteen minutes begin anew.
    const session = await act(await due(request), {})
    const challenge = await startChallenge(deps, session, order.data.slow, refuse)
    return challenge ? toChallenge(challenge) : refuse('WRONG_STEP')
  })

  scope.put<{ Params: { challenge: string; number: string } }>(
    '/movement/:challenge/frames/:number',
    { bodyLimit: FRAME_BYTES },
    async (request) => {
      // Before anything is looked up, which must not make the frame later than it was.
      const arrivedAt = deps.clock.now()
      const session = await sessionOf(request)
      const { challenge: id, number: text } = request.params
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const number = /^\d{1,4}$/.test(text) ? Number(text) : -1
      if (number < 0) refuse('INVALID_INPUT')
      const { challenge, done } = await takeFrame(deps, session, { challenge: id, number, bytes, arrivedAt }, refuse)
      return { done, challenge: toChallenge(challenge) }
    },
  )

  scope.post<{ Params: { challenge: string } }>('/movement/:challenge/judge', async (request) => {
    const answer = await judgeChallenge(deps, await sessionOf(request), request.params.challenge, refuse)
    return { ...answer, session: await view(answer.session) }
  })

  scope.post('/movement/skip', async (request) => {
    const session = await due(request)
    return session.liveness === 'offered'
      ? view(await act(session, { livenessOutcome: 'skipped' }))
      : refuse('WRONG_STEP')
  })
}
