import { CancelOrder, CaptureChoice, type CaptureFault } from '@veridoor/contract'
import type { HttpApp } from '@veridoor/foundation'
import { sql } from 'drizzle-orm'
import type { FastifyRequest } from 'fastify'
import { offeredTo } from '../accepted.ts'
import { endSession } from '../end-session.ts'
import { isLineFull, placeInLine } from '../line.ts'
import { assessJob, type VerifierParts } from '../parts.ts'
import { type Session, sessions } from '../schema.ts'
import { change, clientOf, findByToken, findSession, lockSession, type SessionFields } from '../store.ts'
import { nothingUploaded } from '../v4/result.ts'
import { chooseDocument } from './choose-document.ts'
import { keysOf, newKey, roleOf } from './devices.ts'
import { assertOpen, Fault, sendFault } from './fault.ts'
import { mountHandOver } from './hand-over.ts'
import { mountMovement } from './movement-routes.ts'
import { servePage } from './page.ts'
import { mountPictures } from './picture-routes.ts'
import { mountSpecimens } from './specimen-routes.ts'
import { bindDevice, findLastOf } from './store.ts'
import { stepOf, toCaptureView } from './view.ts'

const PICTURE_BYTES = 10 * 1_048_576
const IDLE_MS = 15 * 60_000
/** Bytes of a body that anybody may send. */
const SMALL_BYTES = 65_536

/** Serves the capture page and what it asks for. Nothing that the browser asserts decides anything. */
export const mountCapture = (app: HttpApp, parts: VerifierParts): void => {
  const { db, clock } = parts

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
  const act = async (session: Session, fields: SessionFields): Promise<Session> => {
    assertOpen(session)
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
      scope.addHook('onRequest', async (request) => {
        // Nobody fills the memory without the key of a check; small bodies are not worth the look.
        const isLarge = Number(request.headers['content-length'] ?? 0) > SMALL_BYTES
        if (isLarge || request.headers['transfer-encoding'] !== undefined) await who(request)
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
        const offered = offeredTo(session, await clientOf(db, session), parts.demonstration)
        const preset =
          session.preset &&
          offered.some((entry) => entry.country === session.preset?.country && entry.type === session.preset?.type)
            ? session.preset
            : null
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
        const isAccepted =
          choice.success &&
          offeredTo(session, await clientOf(db, session), parts.demonstration).some(
            (entry) => entry.country === choice.data.country && entry.type === choice.data.type,
          )
        if (!choice.success || !isAccepted) throw new Fault('INVALID_INPUT')
        return view(await chooseDocument(parts, session, choice.data))
      })
      scope.post('/alternative', async (request) => {
        const session = await sessionOf(request)
        // Another selfie may have been asked for; now none is.
        const retake = session.retake?.part === 'selfie' ? null : session.retake
        return view(await act(session, { alternative: true, consentAt: clock.now(), retake }))
      })

      mountPictures(scope, parts, { sessionOf, act, view })
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
          // Another selfie or a refused picture may have come since it was read.
          const held = await lockSession(tx, session.id)
          if (!held || stepOf(held) !== 'submit') return undefined
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
        assertOpen(session)
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

      mountSpecimens(scope, parts, sessionOf)
    },
    { prefix: '/capture/api' },
  )

  servePage(app, parts.pagesFolder)
}
