import { randomUUID } from 'node:crypto'

/** One browser or program of an attacker: keeps cookies, sends the origin that a browser would send. */
export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: answers of a black box, each chain looks at what it needs
  readonly json: any
}
export type Client = {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  form(path: string, members: Record<string, string>, headers?: Record<string, string>): Promise<Answer>
  readonly cookies: Map<string, string>
}

/** Milliseconds after which an answer counts as not given. */
const PATIENCE_MS = 30_000

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** @param options.isProgram sends no origin, as programs do that are no browser */
export const createClient = (url: string, options: { isProgram?: boolean } = {}): Client => {
  const cookies = new Map<string, string>()
  const send = async (
    method: string,
    path: string,
    init: { body?: string; headers: Record<string, string> },
  ): Promise<Answer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { ...(options.isProgram ? {} : { origin: url }), ...(cookie ? { cookie } : {}), ...init.headers },
      ...(init.body === undefined ? {} : { body: init.body }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const cut = pair.indexOf('=')
      cookies.set(pair.slice(0, cut), pair.slice(cut + 1))
    }
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, json: parse(text) }
  }
  return {
    cookies,
    call: (method, path, body, headers = {}) =>
      send(method, path, {
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      }),
    form: (path, members, headers = {}) =>
      send('POST', path, {
        body: new URLSearchParams(members).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      }),
  }
}

export const basic = (id: string, secret: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
})

/** A name that no earlier chain used. */
export const freshName = (prefix: string): string => `${prefix}${randomUUID().slice(0, 8)}`
