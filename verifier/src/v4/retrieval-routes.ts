import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { accepted, supported } from '../accepted.ts'
import { keyOf, type VerifierDeps } from '../deps.ts'
import { eraseSession, openResult } from '../end-session.ts'
import { typeOfPicture } from '../pictures.ts'
import type { Session } from '../schema.ts'
import { dataAnswer, stamp, transactionOf } from './answers.ts'
import type { V4Calls } from './calls.ts'
import { refuse } from './refuse.ts'

const SCANS = '/api/netverify/v2/scans'
/** The addresses of pictures that callbacks name (section 3.7). */
const RECOGNITION = '/recognition/v1/idscan'

type Scan = { Params: { reference: string } }

/** Retrieval, deletion and document lists of Netverify v4 (wire contract, 3.11 to 3.13). */
export const mountRetrieval = (app: FastifyInstance, deps: VerifierDeps, { caller, findScan }: V4Calls): void => {
  const { clock } = deps
  const scan = (
    path: string,
    answer: (session: Session, request: FastifyRequest, reply: FastifyReply) => Promise<unknown> | unknown,
    base = SCANS,
  ): void => {
    app.get<Scan>(`${base}/:reference${path}`, async (request, reply) => {
      const client = await caller(request, reply, 'retrieve')
      if (!client) return reply
      const { reference } = request.params
      const session = await findScan(client, reference)
      if (!session) return refuse(deps, request, reply, 404, `Not found: Scan not found for ${reference.slice(0, 64)}`)
      return answer(session, request, reply)
    })
  }
  const head = (session: Session): Record<string, unknown> => ({
    timestamp: stamp(clock.now()),
    scanReference: session.id,
  })
  const decided = (session: Session) => (session.state === 'PENDING' ? null : openResult(deps, session))

  scan('', (session) => ({ ...head(session), status: session.state }))
  scan('/data', (session) => dataAnswer(session, openResult(deps, session), clock.now()))
  scan('/data/document', (session) => ({ ...head(session), ...decided(session)?.document }))
  scan('/data/transaction', (session) => ({ ...head(session), ...transactionOf(session) }))
  scan('/data/verification', (session) => ({ ...head(session), ...decided(session)?.verification }))
  scan('/images', async (session) => {
    const kept = session.state === 'DONE' ? await deps.pictures.kept(session.id) : []
    return {
      ...head(session),
      images: (['front', 'back', 'selfie'] as const)
        .filter((part) => kept.includes(part))
        .map((part) => {
          const classifier = part === 'selfie' ? 'face' : part
          return { classifier, href: `${deps.url}${SCANS}/${session.id}/images/${classifier}` }
        }),
    }
  })
  const image = async (session: Session, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { classifier } = request.params as { classifier: string }
    const part = classifier === 'face' ? 'selfie' : classifier
    const key = session.state === 'DONE' ? keyOf(deps, session) : null
    const bytes =
      key && /^(front|back|selfie)$/.test(part) ? await deps.pictures.read(session.id, part, key) : undefined
    if (!bytes) return refuse(deps, request, reply, 404, 'Not found: no such image')
    return reply.type(typeOfPicture(bytes) ?? 'application/octet-stream').send(bytes)
  }
  scan('/images/:classifier', image)
  scan('/:classifier', image, RECOGNITION)
  // Neither is made here: a face map belongs to Jumio's own capture.
  scan('/images/liveness/:index', (_session, request, reply) =>
    refuse(deps, request, reply, 404, 'Not found: no such image'),
  )
  scan('/data/facemap', (_session, request, reply) => refuse(deps, request, reply, 404, 'Not found: no face map'))

  app.delete<Scan>(`${SCANS}/:reference`, async (request, reply) => {
    const client = await caller(request, reply, 'retrieve')
    if (!client) return reply
    const session = await findScan(client, request.params.reference)
    if (!session) return refuse(deps, request, reply, 404, 'Not found: Scan not found')
    await eraseSession(deps, session)
    return reply.code(200).send({ timestamp: stamp(clock.now()) })
  })

  for (const [name, list] of [
    ['acceptedIdTypes', accepted],
    ['supportedIdTypes', supported],
  ] as const)
    app.get(`/api/netverify/v2/${name}`, async (request, reply) => {
      const client = await caller(request, reply, 'retrieve')
      if (!client) return reply
      return reply.send({ timestamp: stamp(clock.now()), [name]: list(client, deps.demonstration) })
    })
}
