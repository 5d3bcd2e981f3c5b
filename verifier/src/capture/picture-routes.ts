import { CaptureSide } from '@veridoor/contract'
import { EngineError, type RetakeCode } from '@veridoor/engine'
import type { FastifyInstance } from 'fastify'
import type { VerifierDeps } from '../deps.ts'
import { needsBack } from '../session/accepted.ts'
import { keepPicture } from '../session/keep-picture.ts'
import { typeOfPicture } from '../session/pictures.ts'
import type { Session } from '../session/schema.ts'
import { withSide } from '../session/store.ts'
import type { CaptureCalls } from './calls.ts'
import { assertOpen, CaptureError } from './error.ts'
import { keepFrame } from './frames.ts'

/** Milliseconds that a look at a fresh picture may take; after that it is accepted and judged later, and no look begins for it. */
const GLANCE_MS = 3_000
/** Milliseconds that the first page of a PDF may take. */
const PDF_MS = 20_000

const isPdf = (bytes: Buffer): boolean => bytes.subarray(0, 5).toString('latin1') === '%PDF-'

/** Whether a part may come from a file: not where the workflow asks for a camera (wire contract, 3.3). */
const mayUpload = (session: Session, side: CaptureSide): boolean =>
  side === 'selfie' ? session.selfieUpload !== 'never' : session.uploadAllowed

/** Takes pictures: looked at for what a person can mend at once, kept under the session's own key, judged later. */
export const mountPictures = (
  scope: FastifyInstance,
  deps: VerifierDeps,
  { sessionOf, act, view }: CaptureCalls,
): void => {
  const { engine } = deps

  const examine = async (bytes: Uint8Array, side: CaptureSide): Promise<RetakeCode | null> => {
    try {
      const [code] = await engine.run(
        'precheck',
        { picture: bytes, part: side === 'selfie' ? 'selfie' : 'document' },
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
  const examineInTime = (bytes: Uint8Array, side: CaptureSide): Promise<RetakeCode | null> => {
    const timer = new Promise<null>((resolve) => setTimeout(() => resolve(null), GLANCE_MS))
    return Promise.race([examine(bytes, side), timer])
  }

  /** Only pictures are kept, shown and handed out: of a PDF its first page, or why that cannot be. */
  const toPicture = async (sent: Buffer): Promise<{ bytes: Buffer } | { code: RetakeCode }> => {
    if (!isPdf(sent)) return { bytes: sent }
    try {
      const page = await engine.run('firstPage', { file: sent }, { timeoutMs: PDF_MS, urgent: true })
      return { bytes: Buffer.from(page) }
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      if (error.code === 'busy') throw new CaptureError('BUSY')
      return { code: error.code === 'pdf_locked' ? 'pdf_locked' : 'pdf_damaged' }
    }
  }

  scope.put<{ Params: { side: string } }>('/pictures/:side', async (request, reply) => {
    const session = await sessionOf(request)
    const side = CaptureSide.safeParse(request.params.side)
    if (!side.success || !session.consentAt || (side.data === 'back' && !needsBack(session.choice)))
      throw new CaptureError('WRONG_STEP')
    assertOpen(session)
    const sent = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const isCamera = request.headers['x-capture-source'] === 'camera' && !isPdf(sent)
    // In a demonstration specimens, which are files, stand for what a camera would see.
    if (!isCamera && !deps.demonstration && !mayUpload(session, side.data)) throw new CaptureError('WRONG_STEP')
    const picture = side.data === 'selfie' ? { bytes: sent } : await toPicture(sent)
    // Before the engine has time for it: what is no picture is not kept, however busy it is.
    if ('bytes' in picture && !typeOfPicture(picture.bytes)) throw new CaptureError('FILE_NOT_USABLE')
    const code = 'code' in picture ? picture.code : await examineInTime(picture.bytes, side.data)
    if (code === 'file_not_usable') throw new CaptureError('FILE_NOT_USABLE')
    if ('code' in picture || code) {
      const refused = await act(session, withSide(side.data, { state: 'retake', code }))
      return { accepted: false, code, picture: null, session: await view(refused) }
    }
    const kept = await keepPicture(
      deps,
      session,
      { side: side.data, bytes: picture.bytes, from: isCamera ? 'camera' : 'file' },
      session.device,
    )
    if (!kept) throw new CaptureError('WRONG_STEP')
    const accepted = kept.sides[side.data].picture ?? null
    return reply.send({ accepted: true, code: null, picture: accepted, session: await view(kept) })
  })

  type Frame = { Params: { side: string; number: string }; Querystring: { picture?: string } }
  scope.put<Frame>('/pictures/:side/frames/:number', async (request) => {
    const session = await sessionOf(request)
    const side = CaptureSide.safeParse(request.params.side)
    const { picture } = request.query
    if (!side.success || typeof picture !== 'string') throw new CaptureError('WRONG_STEP')
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    return keepFrame(deps, session, side.data, { picture, number: Number(request.params.number), bytes })
  })
}
