import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Breakage, FakeService } from '../../conformance/service.ts'
import type { Generation, Told } from './generation.ts'
import { fakePlatform } from './platform.ts'
import { fakeV4 } from './v4.ts'

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

const breakAnswer = (breakage: Breakage, response: ServerResponse, told: Told, elsewhere: string): void => {
  const json = { 'content-type': 'application/json' }
  switch (breakage) {
    case 'hangs':
      return
    case 'resets':
      response.destroy()
      return
    case 'half_answer': {
      const text = JSON.stringify(told.body)
      response.writeHead(told.status, { ...json, 'content-length': String(text.length) })
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
      response.writeHead(statuses[breakage] ?? 500, { ...json, ...wait }).end(JSON.stringify(told.body))
    }
  }
}

/** The fake, and where it answers. */
export type FakeJumio = FakeService & Pick<Generation, 'serve'> & { readonly address: string }

/** Jumio over real HTTP on a port of its own, in either generation, which can be told to approve, reject, stall, lie and break. */
export const startFakeJumio = async (generation: 'v4' | 'platform'): Promise<FakeJumio> => {
  const api: Generation = generation === 'v4' ? fakeV4() : fakePlatform()
  const opened: string[] = []
  let breakage: Breakage | null = null
  let calls = 0
  let strayed = 0
  const trap = await listen((_request, response) => {
    strayed += 1
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  const elsewhere = addressOf(trap)
  const server = await listen((request, response) => {
    calls += 1
    void bodyOf(request).then((body) => {
      const asked = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
      if (api.opens(asked)) opened.push(body)
      // A call without a company's name is refused (section 2.2).
      const named = /^[\w .,&-]+\/[\d.]+$/.test(request.headers['user-agent'] ?? '')
      const told = named ? api.answer(asked, addressOf(server)) : { status: 403, body: {} }
      if (breakage) breakAnswer(breakage, response, told, elsewhere)
      else response.writeHead(told.status, { 'content-type': 'application/json' }).end(JSON.stringify(told.body))
    })
  })
  const address = addressOf(server)
  return {
    ...api,
    address,
    elsewhere,
    config: { ...api.config, endpoint: address },
    secretSettings: ['clientSecret'],
    breakWith: (next) => {
      breakage = next
    },
    opened: () => opened,
    calls: () => calls,
    strayed: () => strayed,
    close: async () => {
      await Promise.all([close(server), close(trap)])
    },
  }
}
