import type {
  CaptureChoice,
  CapturePart,
  CaptureSession,
  Challenge,
  FrameAnswer,
  MovementAnswer,
  PictureAnswer,
  SpecimenOrder,
} from '@veridoor/contract'

const KEY = 'veridoor-capture'

/** The token comes in the address once; it is taken out at once, so that it stays in no history, and kept for this tab only. */
export const takeToken = (): string | null => {
  const url = new URL(window.location.href)
  const token = url.searchParams.get('authorizationToken')
  if (token) {
    sessionStorage.setItem(KEY, token)
    url.searchParams.delete('authorizationToken')
    window.history.replaceState(null, '', url)
  }
  return token ?? sessionStorage.getItem(KEY)
}

export class CaptureError extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

const call = async (
  token: string,
  method: string,
  path: string,
  body?: BodyInit,
  headers: Record<string, string> = {},
): Promise<Response> => {
  let answer: Response
  try {
    answer = await fetch(`/capture/api${path}`, {
      method,
      body,
      headers: { authorization: `Bearer ${token}`, ...headers },
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

/** The verifier's capture API (contract/src/capture.ts). */
export const createApi = (token: string) => {
  /** Every one of these may be repeated: the server answers with where the check stands. A short outage goes unnoticed. */
  const session = async (method: string, path: string, body?: unknown): Promise<CaptureSession> => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    for (let tries = 1; ; tries += 1)
      try {
        const answer = await call(token, method, path, text, text === undefined ? {} : json)
        return (await answer.json()) as CaptureSession
      } catch (error) {
        if (!isPassing(error) || tries === 8) throw error
        await new Promise((resolve) => setTimeout(resolve, 1500))
      }
  }
  return {
    /** This check's address for another browser. It holds the person's key: shown to nobody, copied only on a press. */
    link: (): string => {
      const url = new URL('/capture/', window.location.origin)
      url.searchParams.set('authorizationToken', token)
      return url.href
    },
    read: () => session('GET', '/session'),
    consent: () => session('POST', '/consent', {}),
    choose: (choice: CaptureChoice) => session('PUT', '/choice', choice),
    submit: () => session('POST', '/submit', {}),
    cancel: () => session('POST', '/cancel', {}),
    stay: () => session('POST', '/stay', {}),
    alternative: () => session('POST', '/alternative', {}),
    /** Sent again up to three times: a lost connection must not lose the photo. */
    async send(part: CapturePart, picture: Blob, source: 'camera' | 'upload'): Promise<PictureAnswer> {
      for (let tries = 1; ; tries += 1)
        try {
          const answer = await call(token, 'PUT', `/pictures/${part}`, picture, {
            'content-type': picture.type || 'image/jpeg',
            'x-capture-source': source,
          })
          return (await answer.json()) as PictureAnswer
        } catch (error) {
          if (!isPassing(error) || tries === 4) throw error
          await new Promise((resolve) => setTimeout(resolve, 1500 * tries))
        }
    },
    startMovement: async (slow: boolean) =>
      (await (await call(token, 'POST', '/movement', JSON.stringify({ slow }), json)).json()) as Challenge,
    sendFrame: async (challenge: string, number: number, frame: Blob) =>
      (await (
        await call(token, 'PUT', `/movement/${challenge}/frames/${number}`, frame, { 'content-type': 'image/jpeg' })
      ).json()) as FrameAnswer,
    judgeMovement: async (challenge: string) =>
      (await (await call(token, 'POST', `/movement/${challenge}/judge`, '{}', json)).json()) as MovementAnswer,
    skipMovement: () => session('POST', '/movement/skip', {}),
    async specimen(order: SpecimenOrder): Promise<Blob> {
      return (await call(token, 'POST', '/specimen', JSON.stringify(order), json)).blob()
    },
  }
}
export type Api = ReturnType<typeof createApi>
