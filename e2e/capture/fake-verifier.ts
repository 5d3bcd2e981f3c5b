import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { CaptureSession, CaptureSide, CaptureStep, Challenge, MovementAnswer } from '@veridoor/contract'
import { faceFinderWeights } from '@veridoor/engine'
import { closeServer } from './close.ts'

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** The policy that the verifier sends with its pages: what the page needs beyond it would fail here too. */
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: data: https:; media-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export type FakeVerifier = {
  readonly url: string
  readonly token: string
  session: CaptureSession
  /** Codes that the next pictures are refused with; `FILE_NOT_USABLE` is a fault, the others are retakes. */
  refuse: string[]
  /** Ask for this picture again after the next submit. */
  retakeAfter: { side: CaptureSide; code: string } | null
  /** What a hand-over code is answered with. */
  codeFault: { status: number; code: string } | null
  /** Frames that came beside pictures, such as `front/frames/1`. */
  readonly frames: string[]
  /** What the judge of the movements says, one answer after another; passed when there are none. */
  judged: Pick<MovementAnswer, 'why' | 'movement'>[]
  readonly received: { side: string; bytes: number; type: string }[]
  /** What stood in the way when the person stopped. */
  stoppedBecause?: string | null
  close(): Promise<void>
}

const STEP_FRAMES = 10
const missing = { state: 'missing' as const, code: null }

/** A verifier for looking at the page: the wire of `contract/src/capture.ts` over plain memory, without any judgement or hand-over. */
export const startFakeVerifier = async (
  pages: string,
  session: Partial<CaptureSession> = {},
): Promise<FakeVerifier> => {
  const token = 'fake-capture-token-0123456789'
  let consented = session.step !== undefined && session.step !== 'consent'
  const fake: Omit<FakeVerifier, 'url' | 'close'> = {
    token,
    refuse: [],
    judged: [],
    retakeAfter: null,
    codeFault: null,
    received: [],
    frames: [],
    session: {
      id: '00000000-0000-4000-8000-000000000001',
      device: 'doing',
      isFollowed: false,
      step: 'consent',
      client: { name: 'Acme', color: null, logoUrl: null },
      account: null,
      locale: 'en',
      demonstration: false,
      faceRequired: true,
      uploadAllowed: true,
      selfieUpload: 'never',
      retentionDays: 30,
      preset: null,
      choice: null,
      documents: [
        { country: 'UTO', type: 'PASSPORT', sides: ['front'] },
        { country: 'DEU', type: 'PASSPORT', sides: ['front'] },
        { country: 'DEU', type: 'ID_CARD', sides: ['front', 'back'] },
        { country: 'FRA', type: 'PASSPORT', sides: ['front'] },
      ],
      sides: { front: missing, back: missing, selfie: missing },
      movement: null,
      retake: null,
      attempt: 1,
      attemptsLeft: 3,
      leftSec: 900,
      progress: null,
      queuePosition: null,
      ended: null,
      errorReturn: null,
      ...session,
    },
  }
  const now = () => fake.session
  const put = (change: Partial<CaptureSession>): void => {
    fake.session = { ...fake.session, ...change }
  }
  const nextStep = (): CaptureStep => {
    const { choice, sides: taken, documents, faceRequired, retake, ended, progress } = now()
    if (ended) return 'ended'
    if (progress) return 'checking'
    if (retake) return 'retake'
    if (!consented) return 'consent'
    if (!choice) return 'choice'
    const sides = documents.find(({ country, type }) => country === choice.country && type === choice.type)?.sides ?? []
    for (const side of [...sides, ...(faceRequired ? (['selfie'] as const) : [])])
      if (taken[side].state !== 'accepted') return side
    return now().movement && !hasMoved ? 'movement' : 'submit'
  }
  let hasMoved = false
  /** What the accepted picture of each side was called: frames of another one are refused. */
  const pictures = new Map<string, string>()
  const asked = ['centre', 'turn_left', 'look_up'] as const
  const toChallenge = (frames: number): Challenge => {
    const step = Math.min(asked.length - 1, Math.floor(frames / STEP_FRAMES))
    return {
      id: '00000000-0000-4000-8000-000000000001',
      step,
      steps: asked.length,
      movement: asked[step] ?? 'centre',
      stepMs: STEP_FRAMES * 150,
      everyMs: 150,
      expiresAt: new Date(Date.now() + 90_000).toISOString(),
    }
  }
  const end = (how: NonNullable<CaptureSession['ended']>['how']): void =>
    put({ progress: null, ended: { how, returnUrl: 'about:blank#returned' } })

  const answer = (reply: ServerResponse): void => {
    put({ step: nextStep() })
    reply.setHeader('content-type', 'application/json').end(JSON.stringify(now()))
  }
  const fault = (reply: ServerResponse, status: number, code: string): void => {
    reply.statusCode = status
    reply.setHeader('content-type', 'application/problem+json').end(JSON.stringify({ status, code, title: code }))
  }

  const server = createServer(async (request, reply) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    if (path === '/capture/face-finder.bin')
      return void reply.setHeader('content-type', 'application/octet-stream').end(faceFinderWeights())
    if (!path.startsWith('/capture/api/')) {
      const file = path === '/capture/' ? 'index.html' : path.replace('/capture/', '')
      try {
        const text = readFileSync(join(pages, file))
        reply.setHeader('content-security-policy', POLICY)
        reply.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream').end(text)
      } catch {
        reply.writeHead(404).end()
      }
      return
    }
    const name = path.replace('/capture/api/', '')
    if (name === 'hand-over/look' && fake.codeFault) return fault(reply, fake.codeFault.status, fake.codeFault.code)
    const { authorization, cookie } = request.headers
    const isKnown = name === 'open' ? authorization === `Bearer ${token}` : cookie === `capture=${token}`
    if (!isKnown) return fault(reply, 401, 'LINK_NOT_USABLE')
    if (name === 'open') reply.setHeader('set-cookie', `capture=${token}; Path=/capture/api; HttpOnly; SameSite=Strict`)
    if (name === 'hand-over' && request.method === 'POST') {
      const address = `${url}/capture/#BBBB-CCCC-DDDD`
      reply.setHeader('content-type', 'application/json')
      reply.end(JSON.stringify({ address, reach: 'anywhere', match: '47', lifetimeSec: 300 }))
      return
    }
    if (name === 'session' || name === 'open' || name === 'hand-over') {
      if (now().progress) {
        if (fake.retakeAfter) {
          const { retakeAfter } = fake
          fake.retakeAfter = null
          put({ progress: null, retake: retakeAfter, attempt: 2, attemptsLeft: 2 })
        } else end('submitted')
      }
      return answer(reply)
    }
    if (name === 'consent') consented = true
    else if (name === 'choice') {
      const { choice: before, sides, retake } = now()
      const choice = JSON.parse(body.toString()) as NonNullable<CaptureSession['choice']>
      const isRefused = retake !== null && retake.side !== 'selfie'
      const isOther = before !== null && (before.country !== choice.country || before.type !== choice.type)
      if (isRefused) put({ retake: null })
      put({ choice, ...(isRefused || isOther ? { sides: { ...sides, front: missing, back: missing } } : {}) })
    } else if (name === 'submit') put({ progress: 'reading' })
    else if (name === 'cancel') {
      fake.stoppedBecause = JSON.parse(body.toString()).because
      end('cancelled')
    } else if (name === 'alternative') {
      consented = true
      put({ faceRequired: false })
    } else if (name === 'movement' || name.startsWith('movement/')) {
      const [, , what, number] = name.split('/')
      reply.setHeader('content-type', 'application/json')
      if (name === 'movement') return void reply.end(JSON.stringify(toChallenge(0)))
      if (what === 'frames') {
        const frames = Number(number) + 1
        const done = frames >= asked.length * STEP_FRAMES
        return void reply.end(JSON.stringify({ done, challenge: toChallenge(frames) }))
      }
      const failed = fake.judged.shift()
      hasMoved = !failed
      const triesLeft = (now().movement?.triesLeft ?? 1) - 1
      put({ movement: { required: true, triesLeft } })
      put({ step: nextStep() })
      const told = { passed: !failed, why: failed?.why ?? null, movement: failed?.movement ?? null, session: now() }
      return void reply.end(JSON.stringify(told))
    } else if (name === 'stay') put({ leftSec: 900 })
    else if (/^pictures\/\w+\/frames\/\d$/.test(name)) {
      const picture = new URL(request.url ?? '/', 'http://localhost').searchParams.get('picture')
      if (picture !== pictures.get(name.split('/')[1] ?? '')) return fault(reply, 409, 'WRONG_STEP')
      fake.frames.push(name.slice(9))
      reply.setHeader('content-type', 'application/json').end(JSON.stringify({ kept: Number(name.at(-1)) }))
      return
    } else if (name.startsWith('pictures/')) {
      const side = name.slice(9) as CaptureSide
      fake.received.push({ side, bytes: body.length, type: request.headers['content-type'] ?? '' })
      const code = fake.refuse.shift()
      if (code === 'FILE_NOT_USABLE') return fault(reply, 422, code)
      const state = code ? ({ state: 'retake', code } as const) : ({ state: 'accepted', code: null } as const)
      put({ sides: { ...now().sides, [side]: state } })
      if (!code && now().retake?.side === side) put({ retake: null })
      put({ step: nextStep() })
      reply.setHeader('content-type', 'application/json')
      const picture = code ? null : `${side}-${fake.received.length}`
      if (picture) pictures.set(side, picture)
      reply.end(JSON.stringify({ accepted: !code, code: code ?? null, picture, session: now() }))
      return
    } else return fault(reply, 404, 'INVALID_INPUT')
    answer(reply)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  return Object.assign(fake, {
    url,
    close: () => closeServer(server),
  })
}
