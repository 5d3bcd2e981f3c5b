import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { VerifierDeps } from '../../deps.ts'
import { keyOf } from '../../session/deps.ts'
import { verdictOf } from '../../session/end.ts'
import { eraseSession } from '../../session/erase.ts'
import { typeOfPicture } from '../../session/pictures.ts'
import type { Session } from '../../session/schema.ts'
import { timestamp } from '../wire.ts'
import { dataAnswer, transactionOf } from './answers.ts'
import type { V4Calls } from './calls.ts'
import { accepted, supported } from './id-types.ts'
import { refuse } from './refuse.ts'
import { toResult, type V4Result } from './result.ts'
import { v4Wire } from './wire.ts'

const SCANS = '/api/netverify/v2/scans'
/** The addresses of pictures that callbacks name (section 3.7). */
const RECOGNITION = '/recognition/v1/idscan'

type Scan = { Params: { reference: string } }
type Answer = (session: Session, request: FastifyRequest, reply: FastifyReply) => Promise<unknown> | unknown

/** Retrieval, deletion and document lists of Netverify v4 (wire contract, 3.11 to 3.13). */
export const mountRetrieval = (app: FastifyInstance, deps: VerifierDeps, calls: V4Calls): void => {
  const { clock } = deps
  const scan = (path: string, answer: Answer, base = SCANS): void => {
    app.get<Scan>(`${base}/:reference${path}`, async (request, reply) => {
      const session = await scanOf(deps, calls, request, reply)
      return session ? answer(session, request, reply) : reply
    })
  }
  const head = (session: Session) => ({ timestamp: timestamp(clock.now()), scanReference: session.id })
  const resultOf = (session: Session): V4Result | null => {
    const verdict = session.state === 'PENDING' ? null : verdictOf(deps, session)
    return verdict && toResult(session, verdict)
  }

  scan('', (session) => ({ ...head(session), status: v4Wire.status(session) }))
  scan('/data', (session) => dataAnswer(session, resultOf(session), clock.now()))
  scan('/data/document', (session) => ({ ...head(session), ...resultOf(session)?.document }))
  scan('/data/transaction', (session) => ({ ...head(session), ...transactionOf(session) }))
  scan('/data/verification', (session) => ({ ...head(session), ...resultOf(session)?.verification }))
  mountImages(scan, deps, head)
  // Neither is made here: a face map belongs to Jumio's own capture.
  scan('/data/facemap', (_session, request, reply) => refuse(deps, request, reply, 404, 'Not found: no face map'))

  app.delete<Scan>(`${SCANS}/:reference`, async (request, reply) => {
    const session = await scanOf(deps, calls, request, reply, '')
    if (!session) return reply
    await eraseSession(deps, session, (held) => v4Wire.erased(held, null, true))
    return reply.code(200).send({ timestamp: timestamp(clock.now()) })
  })
  mountIdTypes(app, deps, calls)
}

/** The scan that a call names. Undefined when the call was refused, which is sent by then. */
const scanOf = async (
  deps: VerifierDeps,
  { caller, findScan }: V4Calls,
  request: FastifyRequest,
  reply: FastifyReply,
  detail?: string,
): Promise<Session | undefined> => {
  const client = await caller(request, reply, 'retrieve')
  if (!client) return undefined
  const { reference } = request.params as Scan['Params']
  const session = await findScan(client, reference)
  const about = detail ?? ` for ${reference.slice(0, 64)}`
  if (!session) refuse(deps, request, reply, 404, `Not found: Scan not found${about}`)
  return session
}

const mountImages = (
  scan: (path: string, answer: Answer, base?: string) => void,
  deps: VerifierDeps,
  head: (session: Session) => object,
): void => {
  scan('/images', async (session) => {
    const kept = session.state === 'DONE' ? await deps.pictures.kept(session.id) : []
    return {
      ...head(session),
      images: (['front', 'back', 'selfie'] as const)
        .filter((side) => kept.includes(side))
        .map((side) => {
          const classifier = side === 'selfie' ? 'face' : side
          return { classifier, href: `${deps.url}${SCANS}/${session.id}/images/${classifier}` }
        }),
    }
  })
  const image: Answer = async (session, request, reply) => {
    const { classifier } = request.params as { classifier: string }
    const side = classifier === 'face' ? 'selfie' : classifier
    const key = session.state === 'DONE' ? keyOf(deps, session) : null
    const bytes =
      key && /^(front|back|selfie)$/.test(side) ? await deps.pictures.read(session.id, side, key) : undefined
    if (!bytes) return refuse(deps, request, reply, 404, 'Not found: no such image')
    return reply.type(typeOfPicture(bytes) ?? 'application/octet-stream').send(bytes)
  }
  scan('/images/:classifier', image)
  scan('/:classifier', image, RECOGNITION)
  scan('/images/liveness/:index', (_session, request, reply) =>
    refuse(deps, request, reply, 404, 'Not found: no such image'),
  )
}

const mountIdTypes = (app: FastifyInstance, { clock, demonstration }: VerifierDeps, { caller }: V4Calls): void => {
  for (const [name, list] of [
    ['acceptedIdTypes', accepted],
    ['supportedIdTypes', supported],
  ] as const)
    app.get(`/api/netverify/v2/${name}`, async (request, reply) => {
      const client = await caller(request, reply, 'retrieve')
      if (!client) return reply
      return reply.send({ timestamp: timestamp(clock.now()), [name]: list(client, demonstration) })
    })
}
