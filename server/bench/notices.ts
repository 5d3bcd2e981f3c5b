import { Agent, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { availableParallelism } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { ada, approved, startServer } from '../test/harness.ts'

// One node with PostgreSQL and a provider without delay: notices answered, verifications settled, memory. Bounded in count, on
// this machine only. `node server/bench/notices.ts [verifications]`, 2,000 when left out.
const total = Number(process.argv[2] ?? 2_000)
const cores = availableParallelism()
const tell = (figure: string, values: Record<string, unknown>): void =>
  console.log(JSON.stringify({ figure, ...values, cores }))
const megabytes = (): number => {
  globalThis.gc?.()
  return Math.round(process.memoryUsage().rss / 1_048_576)
}
/** Runs `work` for every item, `width` at a time. */
const inParallel = async <T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> => {
  let next = 0
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item)
  }
  await Promise.all(Array.from({ length: width }, lane))
}

const server = await startServer('bench_notices')
await server.attachProvider()
await server.app.listen({ host: '127.0.0.1', port: 0 })
const { port } = server.app.server.address() as AddressInfo
const agent = new Agent({ keepAlive: true, maxSockets: 256 })
const sendWebhook = (path: string, body: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const from = performance.now()
    request(
      {
        port,
        host: '127.0.0.1',
        path,
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) },
      },
      (answer) => {
        answer.resume().on('end', () => {
          if (answer.statusCode === 200) resolve(performance.now() - from)
          else reject(new Error(`a notice was answered ${answer.statusCode}`))
        })
      },
    )
      .on('error', reject)
      .end(body)
  })

const admin = await server.admin()
type Check = { path: string; reference: string; order: Parameters<typeof approved>[0]; documentNumber: string }
const checks = new Map<string, Check>()
const begin = async (number: number): Promise<void> => {
  const name = `bench${number}`
  const documentNumber = `B${String(number).padStart(8, '0')}`
  const made = await admin.call('POST', '/v1/users', { organization: 'built-in', name })
  await admin.call('PUT', `/v1/users/built-in/${name}`, { ...made.json, identity: { ...ada, documentNumber } })
  const started = await admin.call('POST', '/v1/verifications', { organization: 'built-in', name })
  if (started.status !== 201) throw new Error(`a check did not start: ${started.text}`)
  const order = server.script.orders.find((entry) => entry.verificationReference === started.json.id)
  const { rows } = await server.pool.query('select provider_reference from veridoor.verifications where id = $1', [
    started.json.id,
  ])
  if (!order) throw new Error('no order')
  const reference = rows[0].provider_reference as string
  checks.set(reference, { path: new URL(order.webhookUrl).pathname, reference, order, documentNumber })
}
const batch = 1_000
const before = megabytes()
let isFirst = true
let settledPerSecond = 0
let done = 0
server.script.finding = async () => ({ state: 'pending' })
await server.verification.work()
while (done < total) {
  const size = Math.min(batch, total - done)
  checks.clear()
  server.script.orders.length = 0
  await inParallel(
    Array.from({ length: size }, (_item, index) => done + index + 1),
    8,
    begin,
  )
  const open = [...checks.values()]
  if (isFirst) {
    // Each check gets another webhook. Nothing is decided yet: this measures the webhook with the job that it queues.
    const bells = (copies: readonly number[]) => open.flatMap((check) => copies.map((copy) => ({ check, copy })))
    const once = async ({ check, copy }: { check: Check; copy: number }): Promise<number> =>
      sendWebhook(check.path, `reference=${check.reference}&copy=${copy}`)
    // As many as go through: 32 callers, each of which rings again as soon as it is answered.
    const rung = bells([1, 2, 3, 4])
    const from = performance.now()
    await inParallel(rung, 32, async (bell) => void (await once(bell)))
    const perSecond = Math.round(rung.length / ((performance.now() - from) / 1000))
    tell('notices answered', { callers: 32, perSecond, aimPerSecond: 500 })
    // How long one waits while they come at a steady rate, whether or not the earlier ones have been answered.
    for (const rate of [100, 250, 500]) {
      const times: number[] = []
      const waiting: Promise<void>[] = []
      const steady = bells([1000 + rate, 2000 + rate]).slice(0, rate * 4)
      const start = performance.now()
      for (const [index, bell] of steady.entries()) {
        const early = start + (index * 1000) / rate - performance.now()
        if (early > 1) await wait(early)
        waiting.push(once(bell).then((ms) => void times.push(ms)))
      }
      await Promise.all(waiting)
      times.sort((a, b) => a - b)
      const percentile = (share: number): number => Math.round((times[Math.floor(times.length * share)] ?? 0) * 10) / 10
      tell('notice answered in', { perSecond: rate, medianMs: percentile(0.5), p99Ms: percentile(0.99), aimP99Ms: 20 })
    }
    isFirst = false
  }
  server.script.finding = async (reference) => {
    const check = checks.get(reference)
    return check
      ? approved(check.order, { document: { ...approved(check.order).document, number: check.documentNumber } })
      : { state: 'pending' }
  }
  const from = performance.now()
  await inParallel(
    open,
    32,
    async (check) => void (await sendWebhook(check.path, `reference=${check.reference}&last=1`)),
  )
  const verified = async (): Promise<number> =>
    (await server.pool.query('select count(*)::int as n from veridoor.users where verified_at is not null')).rows[0].n
  while ((await verified()) < done + size) await wait(50)
  settledPerSecond = size / ((performance.now() - from) / 1000)
  done += size
  server.script.finding = async () => ({ state: 'pending' })
  tell('verifications settled', {
    from: 'notice to sealed',
    perSecond: Math.round(settledPerSecond),
    done,
    megabytes: megabytes(),
    megabytesAtStart: before,
    aimPerSecond: 100,
  })
}
agent.destroy()
await server.stop()
