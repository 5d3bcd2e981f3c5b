import type { CaptureSession } from '@veridoor/contract'

/** Calls by which a device takes a check over, or learns which one it has. */
const TAKING = ['/open', '/hand-over/take', '/session']

/** A device with a capture page: opens a link once, keeps its cookies and sends them with every call. */
export const captureDevice = (url: string) => {
  const cookies = new Map<string, string>()
  let session = ''
  const keep = (answer: Response): void => {
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name && value) cookies.set(name, value)
    }
  }
  const cookie = (): string => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}/capture/api${path}`, {
      method,
      headers: {
        cookie: cookie(),
        ...(session ? { 'x-capture-session': session } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    keep(answer)
    // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
    const json = (await answer.json().catch(() => null)) as any
    // Which check this device has: what the calls that take one over, or ask for it, say of it.
    if (answer.ok && TAKING.includes(path)) session = (json as CaptureSession).id
    return { status: answer.status, json, setCookie: answer.headers.getSetCookie() }
  }
  const open = (token: string) => call('POST', '/open', undefined, { authorization: `Bearer ${token}` })

  return {
    call,
    open,
    /** What every later call carries; opens the link before the first one. */
    async headers(token: string): Promise<Record<string, string>> {
      if (!session) await open(token)
      return { cookie: cookie(), 'x-capture-session': session }
    },
  }
}
