import type { FastifyInstance } from 'fastify'
import { keyOf, type VerifierDeps } from '../deps.ts'
import { eraseSession, openResult } from '../end-session.ts'
import { typeOfPicture } from '../pictures.ts'
import { findOfAccount, findOfAccountOrWiped, findOwnOrWiped } from '../store.ts'
import { stamp } from '../v4/answers.ts'
import { detailsAnswer, hasSteps, headOf, statusAnswer, stepsAnswer } from './answers.ts'
import { fileOf, type Ids, type PlatformCalls } from './calls.ts'
import { PlatformRefusal } from './refuse.ts'
import { DATA_PART } from './supporting-data.ts'

/** What the Platform tells of a transaction, and its end (wire contract, 4.11 to 4.15). */
export const mountRetrieval = (
  scope: FastifyInstance,
  deps: VerifierDeps,
  { own, caller }: PlatformCalls,
  execution: string,
): void => {
  const { db, clock, url } = deps
  scope.get(`${execution}/status`, async (request) => statusAnswer(await own(request, findOwnOrWiped), url))
  scope.get(execution, async (request) => {
    const session = await own(request, findOwnOrWiped)
    return detailsAnswer(session, openResult(deps, session), { url, kept: await deps.pictures.kept(session.id) })
  })
  scope.get(`${execution}/steps`, async (request) => {
    const session = await own(request)
    if (!hasSteps(session)) throw new PlatformRefusal(404, 'Steps not found')
    return stepsAnswer(session, openResult(deps, session))
  })
  scope.get<{ Params: Ids }>(
    '/api/v1/accounts/:account/credentials/:credential/parts/:classifier',
    async (request, reply) => {
      const client = await caller(request, 'retrieve')
      const sessions = await findOfAccount(db, client, request.params.account.toLowerCase())
      const session = sessions.find((one) => fileOf(one, request.params) !== undefined)
      const file = fileOf(session, request.params)
      const key = session?.state === 'DONE' ? keyOf(deps, session) : null
      const bytes = session && file && key ? await deps.pictures.read(session.id, file, key) : undefined
      if (!bytes) throw new PlatformRefusal(404, 'Part not found')
      const type = file === DATA_PART ? 'application/json' : typeOfPicture(bytes)
      return reply.type(type ?? 'application/octet-stream').send(bytes)
    },
  )
  scope.delete(execution, async (request) => {
    const session = await own(request)
    await eraseSession(deps, session, { keepDecision: true })
    return headOf(session, clock.now())
  })
  scope.delete<{ Params: Ids }>('/api/v1/accounts/:account', async (request) => {
    const client = await caller(request, 'retrieve')
    const sessions = await findOfAccountOrWiped(db, client, request.params.account.toLowerCase())
    if (sessions.length === 0) throw new PlatformRefusal(404, 'Account not found')
    for (const session of sessions) await eraseSession(deps, session)
    return { timestamp: stamp(clock.now()), account: { id: request.params.account } }
  })
}
