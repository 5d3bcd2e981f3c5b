import type {
  CaptureChoice,
  CaptureSession,
  CaptureSide,
  CaptureTrouble,
  Challenge,
  FrameAnswer,
  HandOver,
  HandOverView,
  MovementAnswer,
  PictureAnswer,
  SpecimenOrder,
  SpecimenSides,
} from '@veridoor/contract'

const TOKEN = 'veridoor-capture'
const CHECK = 'veridoor-capture-check'
const CODE = 'veridoor-capture-code'

/**
 * A link's token comes in the address once and is taken out of it at once, so that it stays in no history and no referrer. It
 * opens the check and is forgotten; from then on this device's own key counts, a cookie that no script can read.
 */
export const takeToken = (): string | null => {
  const url = new URL(window.location.href)
  const token = url.searchParams.get('authorizationToken')
  if (token) {
    sessionStorage.setItem(TOKEN, token)
    sessionStorage.removeItem(CHECK)
    url.searchParams.delete('authorizationToken')
    window.history.replaceState(null, '', url)
  }
  return token ?? sessionStorage.getItem(TOKEN)
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    // No code of ours has a `%`; the verifier says so.
    return text
  }
}

/**
 * A hand-over code comes behind the `#`, which browsers send to nobody, and is taken out of the address at once. This tab keeps it
 * until it is used, so that loading the page anew loses nothing.
 */
export const takeCode = (): string | null => {
  const url = new URL(window.location.href)
  const code = decoded(url.hash.slice(1))
  if (code) {
    sessionStorage.setItem(CODE, code)
    url.hash = ''
    window.history.replaceState(null, '', url)
  } else if (url.searchParams.has('authorizationToken')) dropCode()
  return code || sessionStorage.getItem(CODE)
}

/** The code is used, refused, or good for nothing. */
export const dropCode = (): void => sessionStorage.removeItem(CODE)

/** A call that did not work: a code of the API, `OFFLINE` without an answer, `INTERRUPTED` when the verifier broke. */
export class CaptureError extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/** Which check this tab shows; no secret. Without it the verifier answers with the one that this device worked on last. */
let check = sessionStorage.getItem(CHECK)
const remember = (session: CaptureSession): CaptureSession => {
  check = session.id
  sessionStorage.setItem(CHECK, session.id)
  sessionStorage.removeItem(TOKEN)
  return session
}

const call = async (
  method: string,
  path: string,
  body?: BodyInit,
  headers: Record<string, string> = {},
  signal: AbortSignal | null = null,
): Promise<Response> => {
  let answer: Response
  try {
    answer = await fetch(`/capture/api${path}`, {
      method,
      body,
      signal,
      headers: { ...(check ? { 'x-capture-session': check } : {}), ...headers },
    })
  } catch {
    throw new CaptureError('OFFLINE')
  }
  if (answer.ok) return answer
  const problem = (await answer.json().catch(() => ({}))) as { code?: string }
  throw new CaptureError(answer.status === 500 ? 'INTERRUPTED' : (problem.code ?? 'INTERRUPTED'))
}

/** No connection, or a verifier that has just lost its database or is starting: the same call may well work in a moment. */
const isPassing = (error: unknown): boolean =>
  error instanceof CaptureError && (error.code === 'OFFLINE' || error.code === 'INTERRUPTED')

const json = { 'content-type': 'application/json' }

/** Milliseconds after which a question is given up and asked anew: a line may be dead and not say so. */
const ANSWER_MS = 20_000

/** Every one of these may be repeated: the server answers with where the check stands. A short outage goes unnoticed. */
const repeat = async <Answer>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  most = 8,
): Promise<Answer> => {
  const text = body === undefined ? undefined : JSON.stringify(body)
  for (let tries = 1; ; tries += 1) {
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(), ANSWER_MS)
    try {
      const allHeaders = { ...(text === undefined ? {} : json), ...headers }
      const answer = await call(method, path, text, allHeaders, patience.signal)
      return (await answer.json()) as Answer
    } catch (error) {
      const isLate = patience.signal.aborted
      if ((!isPassing(error) && !isLate) || tries === most) throw isLate ? new CaptureError('OFFLINE') : error
      await new Promise((resolve) => setTimeout(resolve, 1500))
    } finally {
      clearTimeout(timer)
    }
  }
}

/** The verifier's capture API (contract/src/capture.ts). @param token of a link that is still to be opened */
export const createApi = (token: string | null) => {
  let unopened = token
  /** Each part's accepted picture, by the verifier's name for it; none while another one is sent. */
  const accepted = new Map<CaptureSide, string>()
  const session = async (method: string, path: string, body?: unknown): Promise<CaptureSession> =>
    remember(await repeat<CaptureSession>(method, path, body))
  return {
    async read(): Promise<CaptureSession> {
      if (!unopened) return session('GET', '/session')
      check = null
      const headers = { authorization: `Bearer ${unopened}` }
      const opened = remember(await repeat<CaptureSession>('POST', '/open', undefined, headers))
      unopened = null
      return opened
    },
    /** A code for another device; the one shown before ends. */
    handOver: () => repeat<HandOver>('POST', '/hand-over'),
    takeBack: () => session('DELETE', '/hand-over'),
    look: (code: string) => repeat<HandOverView>('POST', '/hand-over/look', { code }),
    take: (code: string) => session('POST', '/hand-over/take', { code }),
    consent: () => session('POST', '/consent', {}),
    choose: (choice: CaptureChoice) => session('PUT', '/choice', choice),
    submit: () => session('POST', '/submit', {}),
    /** Who wants to leave is not kept waiting: two tries. @param because what stood in the way */
    cancel: async (because: CaptureTrouble | null) =>
      remember(await repeat<CaptureSession>('POST', '/cancel', { because }, {}, 2)),
    stay: () => session('POST', '/stay', {}),
    alternative: () => session('POST', '/alternative', {}),
    /** Sent again up to three times: a lost connection must not lose the photo. */
    async send(side: CaptureSide, picture: Blob, source: 'camera' | 'upload'): Promise<PictureAnswer> {
      accepted.delete(side)
      for (let tries = 1; ; tries += 1)
        try {
          const answer = await call('PUT', `/pictures/${side}`, picture, {
            'content-type': picture.type || 'image/jpeg',
            'x-capture-source': source,
          })
          const told = (await answer.json()) as PictureAnswer
          if (told.picture) accepted.set(side, told.picture)
          return told
        } catch (error) {
          if (!isPassing(error) || tries === 4) throw error
          await new Promise((resolve) => setTimeout(resolve, 1500 * tries))
        }
    },
    /** Frames beside the picture that was just accepted, until another one is sent. Tried once each: the check goes on without them. */
    async sendFrames(side: CaptureSide, frames: readonly Blob[]): Promise<void> {
      const taken = accepted.get(side)
      if (!taken) return
      for (const [index, frame] of frames.entries()) {
        if (accepted.get(side) !== taken) return
        const path = `/pictures/${side}/frames/${index + 1}?picture=${encodeURIComponent(taken)}`
        await call('PUT', path, frame, { 'content-type': 'image/jpeg' }).catch(() => {})
      }
    },
    startMovement: async (slow: boolean) =>
      (await (await call('POST', '/movement', JSON.stringify({ slow }), json)).json()) as Challenge,
    sendFrame: async (challenge: string, number: number, frame: Blob) =>
      (await (
        await call('PUT', `/movement/${challenge}/frames/${number}`, frame, { 'content-type': 'image/jpeg' })
      ).json()) as FrameAnswer,
    judgeMovement: async (challenge: string) =>
      (await (await call('POST', `/movement/${challenge}/judge`, '{}', json)).json()) as MovementAnswer,
    skipMovement: () => session('POST', '/movement/skip', {}),
    async specimen(order: SpecimenOrder): Promise<SpecimenSides> {
      return (await (await call('POST', '/specimen', JSON.stringify(order), json)).json()) as SpecimenSides
    },
  }
}
/** The calls of this page. Each: @throws {CaptureError} */
export type Api = ReturnType<typeof createApi>
