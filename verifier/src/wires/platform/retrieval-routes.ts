import type { FastifyInstance } from 'fastify'
import type { VerifierDeps } from '../../deps.ts'
import { keyOf } from '../../session/deps.ts'
import { verdictOf } from '../../session/end.ts'
import { eraseSession } from '../../session/erase.ts'
import { typeOfPicture } from '../../session/pictures.ts'
import { PREPARED_DATA_FILE } from '../../session/prepared-data.ts'
import { findOfAccount, findOfAccountOrKept, findOwnOrKept } from '../../session/store.ts'
import { timestamp } from '../wire.ts'
import { detailsAnswer, hasSteps, headOf, statusAnswer, stepsAnswer } from './answers.ts'
import { fileOf, type Ids, type PlatformCalls } from './calls.ts'
import { PlatformError } from './error.ts'
import { preparedDataAnswer } from './prepared-data.ts'
import { platformWire } from './wire.ts'

/** What the Platform tells of a transaction, and its end (wire contract, 4.11 to 4.15). */
export const mountRetrieval = (
  scope: FastifyInstance,
  deps: VerifierDeps,
  { own, caller }: PlatformCalls,
  execution: string,
): void => {
  const { db, clock, url } = deps
  scope.get(`${execution}/status`, async (request) => statusAnswer(await own(request, findOwnOrKept), url))
  scope.get(execution, async (request) => {
    const session = await own(request, findOwnOrKept)
    return detailsAnswer(session, verdictOf(deps, session), { url, kept: await deps.pictures.kept(session.id) })
  })
  scope.get(`${execution}/steps`, async (request) => {
    const session = await own(request)
    if (!hasSteps(session)) throw new PlatformError(404, 'Steps not found')
    return stepsAnswer(session, verdictOf(deps, session))
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
      if (!bytes) throw new PlatformError(404, 'Part not found')
      if (file === PREPARED_DATA_FILE) return reply.send(preparedDataAnswer(bytes))
      return reply.type(typeOfPicture(bytes) ?? 'application/octet-stream').send(bytes)
    },
  )
  scope.delete(execution, async (request) => {
    const session = await own(request)
    await eraseSession(deps, session, (held, verdict) => platformWire.erased(held, verdict, false))
    return headOf(session, clock.now())
  })
  scope.delete<{ Params: Ids }>('/api/v1/accounts/:account', async (request) => {
    const client = await caller(request, 'retrieve')
    const sessions = await findOfAccountOrKept(db, client, request.params.account.toLowerCase())
    if (sessions.length === 0) throw new PlatformError(404, 'Account not found')
    for (const session of sessions) await eraseSession(deps, session, (held) => platformWire.erased(held, null, true))
    return { timestamp: timestamp(clock.now()), account: { id: request.params.account } }
  })
}
