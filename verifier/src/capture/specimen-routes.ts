import { documentKindOf, SpecimenOrder, type SpecimenSides } from '@veridoor/contract'
import type { FastifyInstance } from 'fastify'
import type { VerifierDeps } from '../deps.ts'
import type { CaptureCalls } from './calls.ts'
import { CaptureError } from './error.ts'

/** Makes specimens of what the person chose, in a demonstration only. */
export const mountSpecimens = (scope: FastifyInstance, deps: VerifierDeps, { sessionOf }: CaptureCalls): void => {
  scope.post('/specimen', async (request, reply) => {
    if (!deps.demonstration) return reply.callNotFound()
    const { choice } = await sessionOf(request)
    if (!choice) throw new CaptureError('WRONG_STEP')
    const order = SpecimenOrder.safeParse(request.body)
    if (!order.success || order.data.number.length > documentKindOf(choice.type).specimenNumberLength)
      throw new CaptureError('INVALID_INPUT')
    const specimen = { ...order.data, portrait: Buffer.from(order.data.portrait, 'base64') }
    const { front, back } = await deps.engine
      .run('specimen', { kind: choice.type, specimen }, { urgent: true })
      .catch((error: unknown) => {
        deps.log.warn('specimen.failed', { error })
        throw new CaptureError('FILE_NOT_USABLE')
      })
    const text = (page: Uint8Array): string => Buffer.from(page).toString('base64')
    return { front: text(front), back: back ? text(back) : null } satisfies SpecimenSides
  })
}
