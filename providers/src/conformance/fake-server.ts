import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Breakage, FakeService, Scenario } from './service.ts'

/** A call as it came, its body as text. */
export type FakeRequest = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
/** The answer to it, sent as JSON. */
export type FakeAnswer = { readonly status: number; readonly body: unknown }

/** What an API answers while nothing is broken; `startFake` serves it and breaks it. */
export type FakeApi = Pick<
  FakeService,
  'secretSettings' | 'canaries' | 'document' | 'notAssessed' | 'impossible' | 'webhooks'
> & {
  /** Settings that lead to the fake, which answers at `address`. */
  config(address: string): Readonly<Record<string, unknown>>
  /** Whether a call opens a check. */
  opens(request: FakeRequest): boolean
  answer(request: FakeRequest, base: string): FakeAnswer
  setScenario(scenario: Scenario): void
  /** How this API says what other APIs say by the HTTP status alone. */
  breakages?: Partial<Record<Breakage, FakeAnswer>>
}

const listen = (handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer(handler)
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections()
    server.close(() => resolve())
  })
const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

const statuses: Partial<Record<Breakage, number>> = {
  server_error: 500,
  unauthorized: 401,
  forbidden: 403,
  busy: 429,
  busy_for_two_minutes: 429,
}

const breakAnswer = (breakage: Breakage, response: ServerResponse, answer: FakeAnswer, elsewhere: string): void => {
  const json = { 'content-type': 'application/json' }
  switch (breakage) {
    case 'hangs':
      return
    case 'resets':
      response.destroy()
      return
    case 'half_answer': {
      const text = JSON.stringify(answer.body)
      response.writeHead(answer.status, { ...json, 'content-length': String(text.length) })
      response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy())
      return
    }
    case 'page':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Maintenance</title>')
      return
    case 'huge':
      response.writeHead(200, json).end(JSON.stringify({ filler: 'x'.repeat(10_000_000) }))
      return
    case 'redirects':
      response.writeHead(302, { location: `${elsewhere}/` }).end()
      return
    default: {
      const wait: Record<string, string> = breakage === 'busy_for_two_minutes' ? { 'retry-after': '120' } : {}
      // Bodies of faults quote what was asked for, as the real ones do.
      response.writeHead(statuses[breakage] ?? 500, { ...json, ...wait }).end(JSON.stringify(answer.body))
    }
  }
}

/** A fake that was started, and where it answers. */
export type StartedFake = FakeService & { readonly address: string }

/** A provider's API over real HTTP on a port of its own, which can be told to approve, reject, stall, lie and break. */
export const startFake = async (api: FakeApi): Promise<StartedFake> => {
  const opened: string[] = []
  let breakage: Breakage | null = null
  let calls = 0
  let redirectedCalls = 0
  const redirectTarget = await listen((_request, response) => {
    redirectedCalls += 1
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  const elsewhere = addressOf(redirectTarget)
  const server = await listen((request, response) => {
    calls += 1
    void bodyOf(request).then((body) => {
      const received = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
      if (api.opens(received)) opened.push(body)
      const answer = api.answer(received, addressOf(server))
      const broken = breakage && api.breakages?.[breakage]
      if (broken)
        response.writeHead(broken.status, { 'content-type': 'application/json' }).end(JSON.stringify(broken.body))
      else if (breakage) breakAnswer(breakage, response, answer, elsewhere)
      else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
    })
  })
  const address = addressOf(server)
  return {
    ...api,
    address,
    elsewhere,
    config: api.config(address),
    setBreakage: (next) => {
      breakage = next
    },
    opened: () => opened,
    calls: () => calls,
    redirectedCalls: () => redirectedCalls,
    close: async () => {
      await Promise.all([close(server), close(redirectTarget)])
    },
  }
}
