import { randomInt } from 'node:crypto'
import { type HandOver, HandOverCode, type HandOverView } from '@veridoor/contract'
import { keyedDigest } from '@veridoor/foundation'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { VerifierDeps } from '../deps.ts'
import { addHandOver, consumeHandOver, endHandOvers, findHandOver, moveDevice } from '../session/devices.ts'
import { clientOf, findSession, lockSession } from '../session/store.ts'
import type { CaptureCalls } from './calls.ts'
import { keysOf, newKey, roleOf } from './device-keys.ts'
import { CaptureError } from './error.ts'
import { handOverOrigin } from './hand-over-origin.ts'
import { accountOf } from './view.ts'

/** Seconds that a code may be used. */
const CODE_SEC = 5 * 60

// Without vowels and look-alikes. Twelve of 28 signs are 57 bits: nobody guesses one that lives five minutes.
const ALPHABET = '23456789BCDFGHJKMNPQRSTVWXYZ'
const newCode = (): string => Array.from({ length: 12 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')

/**
 * Hands a check from one device to another: a code of one use, shown as a picture by the first device and taken by the second.
 * From then on the second one does the check, and the first one follows until the end or takes it back.
 */
export const mountHandOver = (scope: FastifyInstance, deps: VerifierDeps, { findCheck, view }: CaptureCalls): void => {
  const { db, cipher: box, clock, url } = deps
  const digestOf = (code: string): string => keyedDigest(box.derive('hand-over code'), code)
  const isSecure = url.startsWith('https:')

  /** The code of a request and the check that it hands over. @throws {CaptureError} */
  const read = async (request: FastifyRequest) => {
    const body = HandOverCode.safeParse(request.body)
    const codeDigest = body.success ? digestOf(body.data.code) : ''
    const row = codeDigest ? await findHandOver(db, codeDigest) : undefined
    const session = row ? await findSession(db, row.session) : undefined
    if (!row || !session || session.erasedAt) throw new CaptureError('CODE_NOT_USABLE')
    // The same device may open its address again.
    const isTakenHere = row.usedAt !== null && roleOf(keysOf(request), session) === 'doing'
    if (!isTakenHere) {
      if (row.usedAt) throw new CaptureError('CODE_USED')
      if (row.endedAt) throw new CaptureError('CODE_NOT_USABLE')
      if (row.expiresAt.getTime() <= clock.now().getTime()) throw new CaptureError('CODE_EXPIRED')
      if (session.phase !== 'open') throw new CaptureError('SESSION_ENDED')
    }
    return { codeDigest, row, session, isTakenHere }
  }

  scope.post('/hand-over', async (request): Promise<HandOver> => {
    const { session, role } = await findCheck(request)
    if (role !== 'doing') throw new CaptureError('OPEN_ELSEWHERE')
    if (session.phase !== 'open') throw new CaptureError('SESSION_ENDED')
    const code = newCode()
    const match = String(randomInt(10, 100))
    const now = clock.now()
    const expiresAt = new Date(now.getTime() + CODE_SEC * 1000)
    await db.transaction(async (tx) => {
      const held = await lockSession(tx, session.id)
      if (held?.phase !== 'open') throw new CaptureError('SESSION_ENDED')
      if (held.device !== session.device) throw new CaptureError('OPEN_ELSEWHERE')
      await addHandOver(tx, { codeDigest: digestOf(code), session: session.id, match, expiresAt }, now)
    })
    const grouped = code.replace(/(.{4})(?=.)/g, '$1-')
    const { origin, reach } = handOverOrigin(deps)
    return { address: `${origin}/capture/#${grouped}`, reach, match, lifetimeSec: CODE_SEC }
  })

  scope.delete('/hand-over', async (request) => {
    const { session, role } = await findCheck(request)
    const now = clock.now()
    await endHandOvers(db, session.id, now)
    if (role === 'doing') return view(session)
    if (session.phase !== 'open' || !session.follower) throw new CaptureError('SESSION_ENDED')
    const taken = await moveDevice(db, session, { device: session.follower, follower: null }, now)
    if (!taken) throw new CaptureError('WRONG_STEP')
    return view(taken)
  })

  scope.post('/hand-over/look', async (request): Promise<HandOverView> => {
    const { row, session, isTakenHere } = await read(request)
    const { name, color, logoUrl } = await clientOf(db, session)
    return { client: { name, color, logoUrl }, account: accountOf(session), match: row.match, isTakenHere }
  })

  scope.post('/hand-over/take', async (request, reply) => {
    const { codeDigest, session, isTakenHere } = await read(request)
    if (isTakenHere) return view(session)
    const now = clock.now()
    // Opened on a device that has part in the check already: it goes on there, without a new key.
    const role = roleOf(keysOf(request), session)
    if (role === 'doing') {
      await endHandOvers(db, session.id, now)
      return view(session)
    }
    const key = role === 'following' ? null : newKey(session.id, isSecure)
    const moved = await db.transaction(async (tx) => {
      await lockSession(tx, session.id)
      if (!(await consumeHandOver(tx, codeDigest, now))) throw new CaptureError('CODE_USED')
      const to = key
        ? { device: key.digest, follower: session.follower ?? session.device }
        : { device: session.follower, follower: null }
      const row = await moveDevice(tx, session, to, now)
      if (!row) throw new CaptureError('CODE_NOT_USABLE')
      return row
    })
    if (key) reply.header('set-cookie', key.cookie)
    return view(moved)
  })
}
