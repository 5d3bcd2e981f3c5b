import { CapturePart } from '@veridoor/contract'
import { EngineError, type RetakeCode } from '@veridoor/engine'
import type { FastifyInstance } from 'fastify'
import { needsBack } from '../accepted.ts'
import type { VerifierDeps } from '../deps.ts'
import { keepPicture } from '../keep-picture.ts'
import { typeOfPicture } from '../pictures.ts'
import type { Session } from '../schema.ts'
import { withPart } from '../store.ts'
import type { CaptureCalls } from './calls.ts'
import { assertOpen, Fault } from './fault.ts'
import { keepFrame } from './frames.ts'
import { selfieUploadOf } from './view.ts'

/** Milliseconds that a look at a fresh picture may take; after that it is accepted and judged later, and no look begins for it. */
const GLANCE_MS = 3_000
/** Milliseconds that the first page of a PDF may take. */
const PDF_MS = 20_000

const isPdf = (bytes: Buffer): boolean => bytes.subarray(0, 5).toString('latin1') === '%PDF-'

/** Whether a part may come from a file: not where the workflow asks for a camera (wire contract, 3.3). */
const mayUpload = (session: Session, part: CapturePart): boolean =>
  part === 'selfie' ? selfieUploadOf(session) !== 'never' : session.workflowId % 100 !== 1

/** Takes pictures: looked at for what a person can mend at once, kept under the session's own key, judged later. */
export const mountPictures = (
  scope: FastifyInstance,
  deps: VerifierDeps,
  { sessionOf, act, view }: CaptureCalls,
): void => {
  const { engine } = deps

  const look = async (bytes: Uint8Array, part: CapturePart): Promise<RetakeCode | null> => {
    try {
      const [code] = await engine.run(
        'precheck',
        { picture: bytes, part: part === 'selfie' ? 'selfie' : 'document' },
        { timeoutMs: 30_000, waitMs: GLANCE_MS, urgent: true },
      )
      return code ?? null
    } catch (error) {
      if (error instanceof EngineError && error.code === 'busy') return null
      // A picture that ends its worker is not a picture for us.
      if (error instanceof EngineError && (error.code === 'worker_lost' || error.code === 'timeout'))
        return 'file_not_usable'
      throw error
    }
  }
  const lookInTime = (bytes: Uint8Array, part: CapturePart): Promise<RetakeCode | null> => {
    const timer = new Promise<null>((resolve) => setTimeout(() => resolve(null), GLANCE_MS))
    return Promise.race([look(bytes, part), timer])
  }

  /** Only pictures are kept, shown and handed out: of a PDF its first page, or why that cannot be. */
  const toPicture = async (sent: Buffer): Promise<{ bytes: Buffer } | { code: RetakeCode }> => {
    if (!isPdf(sent)) return { bytes: sent }
    try {
      const page = await engine.run('firstPage', { file: sent }, { timeoutMs: PDF_MS, urgent: true })
      return { bytes: Buffer.from(page) }
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      if (error.code === 'busy') throw new Fault('BUSY')
      return { code: error.code === 'pdf_locked' ? 'pdf_locked' : 'pdf_damaged' }
    }
  }

  scope.put<{ Params: { part: string } }>('/pictures/:part', async (request, reply) => {
    const session = await sessionOf(request)
    const part = CapturePart.safeParse(request.params.part)
    if (!part.success || !session.consentAt || (part.data === 'back' && !needsBack(session.choice)))
      throw new Fault('WRONG_STEP')
    assertOpen(session)
    const sent = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const isCamera = request.headers['x-capture-source'] === 'camera' && !isPdf(sent)
    // In a demonstration specimens, which are files, stand for what a camera would see.
    if (!isCamera && !deps.demonstration && !mayUpload(session, part.data)) throw new Fault('WRONG_STEP')
    const picture = part.data === 'selfie' ? { bytes: sent } : await toPicture(sent)
    // Before the engine has time for it: what is no picture is not kept, however busy it is.
    if ('bytes' in picture && !typeOfPicture(picture.bytes)) throw new Fault('FILE_NOT_USABLE')
    const code = 'code' in picture ? picture.code : await lookInTime(picture.bytes, part.data)
    if (code === 'file_not_usable') throw new Fault('FILE_NOT_USABLE')
    if ('code' in picture || code) {
      const refused = await act(session, withPart(part.data, { state: 'retake', code }))
      return { accepted: false, code, picture: null, session: await view(refused) }
    }
    const kept = await keepPicture(
      deps,
      session,
      { part: part.data, bytes: picture.bytes, from: isCamera ? 'camera' : 'file' },
      session.device,
    )
    if (!kept) throw new Fault('WRONG_STEP')
    const accepted = kept.parts[part.data].picture ?? null
    return reply.send({ accepted: true, code: null, picture: accepted, session: await view(kept) })
  })

  type Frame = { Params: { part: string; number: string }; Querystring: { of?: string } }
  scope.put<Frame>('/pictures/:part/frames/:number', async (request) => {
    const session = await sessionOf(request)
    const part = CapturePart.safeParse(request.params.part)
    const { of } = request.query
    if (!part.success || typeof of !== 'string') throw new Fault('WRONG_STEP')
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    return keepFrame(deps, session, part.data, { of, number: Number(request.params.number), bytes })
  })
}
