import { CaptureChoice } from '@veridoor/contract'
import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import type { VerifierDeps } from '../deps.ts'
import { isSameDocument, offeredTo } from '../session/accepted.ts'
import { sessions } from '../session/schema.ts'
import { clientOf } from '../session/store.ts'
import type { CaptureCalls } from './calls.ts'
import { chooseDocument } from './choose-document.ts'
import { CaptureError } from './error.ts'

/** What comes before the pictures: the person agrees, chooses a document, or takes the way without a selfie. */
export const mountConsent = (
  scope: FastifyInstance,
  deps: VerifierDeps,
  { sessionOf, act, view }: CaptureCalls,
): void => {
  const { db, clock } = deps
  scope.post('/consent', async (request) => {
    const session = await sessionOf(request)
    const offered = offeredTo(session, await clientOf(db, session), deps.demonstration)
    const preset = offered.some((entry) => isSameDocument(entry, session.preset)) ? session.preset : null
    return view(
      await act(session, {
        consentAt: session.consentAt ?? clock.now(),
        // Another tab may have chosen since it was read.
        ...(preset ? { choice: sql`coalesce(${sessions.choice}, ${JSON.stringify(preset)}::jsonb)` } : {}),
        clientIp: request.ip,
      }),
    )
  })
  scope.put('/choice', async (request) => {
    const session = await sessionOf(request)
    const choice = CaptureChoice.safeParse(request.body)
    const offered = offeredTo(session, await clientOf(db, session), deps.demonstration)
    if (!choice.success || !offered.some((entry) => isSameDocument(entry, choice.data)))
      throw new CaptureError('INVALID_INPUT')
    return view(await chooseDocument(deps, session, choice.data))
  })
  scope.post('/alternative', async (request) => {
    const session = await sessionOf(request)
    // Another selfie may have been asked for; now none is.
    const retake = session.retake?.side === 'selfie' ? { retake: null } : {}
    return view(await act(session, { alternative: true, consentAt: clock.now(), ...retake }))
  })
}
