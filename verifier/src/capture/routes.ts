import {
  CancelOrder,
  CaptureChoice,
  type CaptureFault,
  CapturePart,
  SpecimenOrder,
  type SpecimenSides,
  specimenNumberLength,
} from '@veridoor/contract'
import { EngineError, type RetakeCode } from '@veridoor/engine'
import type { HttpApp } from '@veridoor/foundation'
import type { FastifyRequest } from 'fastify'
import { documentsOf, needsBack } from '../accepted.ts'
import { endSession } from '../end-session.ts'
import { isLineFull, placeInLine } from '../line.ts'
import { forgetMovement } from '../movement/run-challenge.ts'
import { assessJob, keyRow, type VerifierParts } from '../parts.ts'
import { typeOfPicture } from '../pictures.ts'
import type { Session } from '../schema.ts'
import { change, clientOf, findByToken, findSession } from '../store.ts'
import { nothingUploaded } from '../v4/result.ts'
import { keysOf, newKey, roleOf } from './devices.ts'
import { Fault, sendFault } from './fault.ts'
import { dropFrames, keepFrame } from './frames.ts'
import { mountHandOver } from './hand-over.ts'
import { mountMovement } from './movement-routes.ts'
import { servePage } from './page.ts'
import { bindDevice, findLastOf } from './store.ts'
import { stepOf, toCaptureView } from './view.ts'

const PICTURE_BYTES = 10 * 1_048_576
/** Milliseconds that a look at a fresh picture may take; after that it is accepted and judged later. */
const GLANCE_MS = 3_000
/** Milliseconds that the first page of a PDF may take. */
const PDF_MS = 20_000
const IDLE_MS = 15 * 60_000

/** Serves the capture page and what it asks for. Nothing that the browser asserts decides anything. */
export const mountCapture = (app: HttpApp, parts: VerifierParts): void => {
  const { db, box, clock, engine, pictures } = parts

  const inTime = (session: Session | undefined): Session => {
    if (!session || session.erasedAt) throw new Fault('LINK_NOT_USABLE')
    const now = clock.now().getTime()
    const isOver = session.startedAt
      ? session.lastActionAt.getTime() + IDLE_MS < now
      : session.tokenExpiresAt.getTime() < now
    if (session.phase === 'open' && isOver) throw new Fault('LINK_NOT_USABLE')
    return session
  }

  /** The check that a device asks about, by the device's own key. */
  const who = async (request: FastifyRequest): Promise<{ session: Session; role: 'doing' | 'following' }> => {
    const keys = keysOf(request)
    const named = request.headers['x-capture-session']
    // A page of another origin on the same site cannot set this header: whatever changes something needs it.
    if (typeof named !== 'string' && request.method !== 'GET') throw new Fault('LINK_NOT_USABLE')
    const session = inTime(
      typeof named === 'string' && keys.some((key) => key.session === named)
        ? await findSession(db, named)
        : typeof named === 'string'
          ? undefined
          : await findLastOf(db, keys),
    )
    const role = roleOf(keys, session)
    if (!role) throw new Fault('OPEN_ELSEWHERE')
    return { session, role }
  }

  /** The check that this device is doing. */
  const sessionOf = async (request: FastifyRequest): Promise<Session> => {
    const { session, role } = await who(request)
    if (role !== 'doing') throw new Fault('OPEN_ELSEWHERE')
    return session
  }

  /** A change by the person: only while the session is open; renews its time. */
  const act = async (session: Session, fields: Partial<Session>): Promise<Session> => {
    if (session.phase !== 'open') throw new Fault(session.phase === 'ended' ? 'SESSION_ENDED' : 'WRONG_STEP')
    const at = clock.now()
    const times = { startedAt: session.startedAt ?? at, lastActionAt: at }
    const changed = await change(db, session, { ...fields, ...times }, at, session.device)
    if (!changed) throw new Fault('WRONG_STEP')
    return changed
  }
  const view = async (session: Session, role: 'doing' | 'following' = 'doing') => ({
    ...toCaptureView(parts, session, await clientOf(db, session), role),
    ...(await placeInLine(parts, session)),
  })

  const look = async (bytes: Uint8Array, part: CapturePart): Promise<RetakeCode | null> => {
    try {
      const [code] = await engine.run(
        'glance',
        { picture: bytes, part: part === 'selfie' ? 'selfie' : 'document' },
        { timeoutMs: 30_000, urgent: true },
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
    if (sent.subarray(0, 5).toString('latin1') !== '%PDF-') return { bytes: sent }
    try {
      const page = await engine.run('firstPage', { file: sent }, { timeoutMs: PDF_MS, urgent: true })
      return { bytes: Buffer.from(page) }
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      if (error.code === 'busy') throw new Fault('BUSY')
      return { code: error.code === 'pdf_locked' ? 'pdf_locked' : 'pdf_damaged' }
    }
  }

  app.register(
    async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser(
        'application/json',
        { parseAs: 'string', bodyLimit: 4_500_000 },
        (_request, body, done) => {
          try {
            done(null, body === '' ? {} : JSON.parse(body as string))
          } catch {
            done(new Fault('INVALID_INPUT'))
          }
        },
      )
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: PICTURE_BYTES }, (_request, body, done) =>
        done(null, body),
      )
      scope.setErrorHandler((error, request, reply) => {
        const { statusCode } = error as { statusCode?: number }
        const fault: CaptureFault | undefined =
          error instanceof Fault
            ? error.fault
            : statusCode === 413
              ? 'TOO_LARGE'
              : statusCode && statusCode < 500
                ? 'INVALID_INPUT'
                : undefined
        if (!fault) parts.log.error('capture.fault', { id: request.id, route: request.routeOptions.url ?? '', error })
        return sendFault(request, reply, fault ?? 'INTERRUPTED')
      })
      scope.addHook('onSend', async (_request, reply) => {
        reply.header('cache-control', 'no-store')
      })

      scope.post('/open', async (request, reply) => {
        const [, token] = /^Bearer ([\w-]{20,100})$/.exec(request.headers.authorization ?? '') ?? []
        const session = inTime(token ? await findByToken(db, token) : undefined)
        const role = roleOf(keysOf(request), session)
        if (role) return view(session, role)
        if (session.device) throw new Fault('OPEN_ELSEWHERE')
        const key = newKey(session.id, parts.url.startsWith('https:'))
        const bound = await bindDevice(db, session, key.digest, clock.now())
        if (!bound) throw new Fault('OPEN_ELSEWHERE')
        reply.header('set-cookie', key.cookie)
        return view(bound)
      })
      scope.get('/session', async (request) => {
        const { session, role } = await who(request)
        return view(session, role)
      })
      mountHandOver(scope, parts, { who, view })
      scope.post('/stay', async (request) => view(await act(await sessionOf(request), {})))
      scope.post('/consent', async (request) => {
        const session = await sessionOf(request)
        const offered = documentsOf(await clientOf(db, session), parts.demonstration)
        const preset =
          session.preset &&
          offered.some((entry) => entry.country === session.preset?.country && entry.type === session.preset?.type)
            ? session.preset
            : null
        return view(
          await act(session, {
            consentAt: session.consentAt ?? clock.now(),
            choice: session.choice ?? preset,
            clientIp: request.ip,
          }),
        )
      })
      scope.put('/choice', async (request) => {
        const session = await sessionOf(request)
        const choice = CaptureChoice.safeParse(request.body)
        const isAccepted =
          choice.success &&
          documentsOf(await clientOf(db, session), parts.demonstration).some(
            (entry) => entry.country === choice.data.country && entry.type === choice.data.type,
          )
        if (!choice.success || !isAccepted) throw new Fault('INVALID_INPUT')
        return view(await act(session, { choice: choice.data }))
      })
      scope.post('/alternative', async (request) =>
        view(await act(await sessionOf(request), { alternative: true, consentAt: clock.now() })),
      )

      scope.put<{ Params: { part: string } }>('/pictures/:part', async (request, reply) => {
        const session = await sessionOf(request)
        const part = CapturePart.safeParse(request.params.part)
        if (!part.success || !session.consentAt || (part.data === 'back' && !needsBack(session.choice)))
          throw new Fault('WRONG_STEP')
        if (session.phase !== 'open') throw new Fault(session.phase === 'ended' ? 'SESSION_ENDED' : 'WRONG_STEP')
        const sent = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const picture = part.data === 'selfie' ? { bytes: sent } : await toPicture(sent)
        // Before the engine has time for it: what is no picture is not kept, however busy it is.
        if ('bytes' in picture && !typeOfPicture(picture.bytes)) throw new Fault('FILE_NOT_USABLE')
        const code = 'code' in picture ? picture.code : await lookInTime(picture.bytes, part.data)
        if (code === 'file_not_usable') throw new Fault('FILE_NOT_USABLE')
        if ('code' in picture || code) {
          const refused = await act(session, { parts: { ...session.parts, [part.data]: { state: 'retake', code } } })
          return { accepted: false, code, session: await view(refused) }
        }
        if (!session.pictureKey) throw new Fault('SESSION_ENDED')
        await pictures.write(
          session.id,
          part.data,
          Buffer.from(box.open(session.pictureKey, keyRow(session.id)), 'base64'),
          picture.bytes,
        )
        await dropFrames(parts, session, part.data)
        if (part.data === 'selfie') await forgetMovement(parts, session)
        const isCamera = request.headers['x-capture-source'] === 'camera'
        const kept = await act(session, {
          parts: { ...session.parts, [part.data]: { state: 'accepted', code: null } },
          retake: session.retake?.part === part.data ? null : (session.retake ?? null),
          ...(part.data === 'selfie' ? { livenessOutcome: null } : {}),
          source: isCamera ? 'WEB_CAM' : 'WEB_UPLOAD',
        })
        return reply.send({ accepted: true, code: null, session: await view(kept) })
      })

      scope.put<{ Params: { part: string; number: string } }>('/pictures/:part/frames/:number', async (request) => {
        const session = await sessionOf(request)
        const part = CapturePart.safeParse(request.params.part)
        if (!part.success) throw new Fault('WRONG_STEP')
        const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        return keepFrame(parts, session, part.data, Number(request.params.number), bytes)
      })

      mountMovement(scope, parts, {
        sessionOf,
        act,
        view,
        refuse: (fault) => {
          throw new Fault(fault)
        },
      })

      scope.post('/submit', async (request) => {
        const session = await sessionOf(request)
        if (session.phase === 'checking') return view(session)
        if (stepOf(session) !== 'submit') throw new Fault(session.phase === 'ended' ? 'SESSION_ENDED' : 'WRONG_STEP')
        if (await isLineFull(parts)) throw new Fault('BUSY')
        const at = clock.now()
        const checking = await db.transaction(async (tx) => {
          const changed = await change(tx, session, { phase: 'checking', lastActionAt: at }, at, session.device)
          if (changed)
            await parts.jobs.send(assessJob, { id: changed.id }, { tx, key: `assess ${changed.id} ${changed.attempt}` })
          return changed
        })
        if (!checking) throw new Fault('WRONG_STEP')
        return view(checking)
      })

      scope.post('/cancel', async (request) => {
        const session = await sessionOf(request)
        if (session.phase !== 'open') throw new Fault(session.phase === 'ended' ? 'SESSION_ENDED' : 'WRONG_STEP')
        const order = CancelOrder.safeParse(request.body ?? {})
        if (!order.success) throw new Fault('INVALID_INPUT')
        const { because } = order.data
        const ended = await endSession(parts, session, {
          state: 'FAILED',
          how: 'cancelled',
          because,
          result: nothingUploaded(),
        })
        if (!ended) throw new Fault('WRONG_STEP')
        return view(ended)
      })

      scope.get('/specimen', async (request, reply) => {
        await sessionOf(request)
        return parts.demonstration ? { available: true } : reply.callNotFound()
      })
      scope.post('/specimen', async (request, reply) => {
        if (!parts.demonstration) return reply.callNotFound()
        const { choice } = await sessionOf(request)
        if (!choice) throw new Fault('WRONG_STEP')
        const order = SpecimenOrder.safeParse(request.body)
        if (!order.success || order.data.number.length > specimenNumberLength[choice.type])
          throw new Fault('INVALID_INPUT')
        const specimen = { ...order.data, portrait: Buffer.from(order.data.portrait, 'base64') }
        const { front, back } = await engine
          .run('specimen', { kind: choice.type, specimen }, { urgent: true })
          .catch((error: unknown) => {
            parts.log.warn('specimen.failed', { error })
            throw new Fault('FILE_NOT_USABLE')
          })
        const text = (page: Uint8Array): string => Buffer.from(page).toString('base64')
        return { front: text(front), back: back ? text(back) : null } satisfies SpecimenSides
      })
    },
    { prefix: '/capture/api' },
  )

  servePage(app, parts.pagesFolder)
}
