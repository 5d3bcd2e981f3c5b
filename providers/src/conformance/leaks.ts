import { inspect } from 'node:util'
import { adapterOf, endOf, newOrder, type Subject } from './subject.ts'

/** Everything that is printed while `work` runs. */
const printedDuring = async (work: () => Promise<void>): Promise<string> => {
  let printed = ''
  const collect = (...values: readonly unknown[]): void => {
    printed += values.map((value) => (typeof value === 'string' ? value : inspect(value, { depth: 9 }))).join(' ')
  }
  const names = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const
  const consoles = names.map((name) => [name, console[name]] as const)
  const streams = [process.stdout, process.stderr].map((stream) => [stream, stream.write] as const)
  for (const name of names) console[name] = collect
  for (const [stream] of streams)
    stream.write = (chunk: string | Uint8Array) => {
      collect(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
      return true
    }
  try {
    await work()
  } finally {
    for (const [name, original] of consoles) console[name] = original
    for (const [stream, original] of streams) stream.write = original
  }
  return printed
}

/** Canary values of the person and secrets appear in nothing that is printed and in no error, causes included. */
export const nothingLeaks = async (subject: Subject): Promise<string[]> => {
  const { service } = subject
  const errors: unknown[] = []
  const bearers: string[] = []
  const printed = await printedDuring(async () => {
    const adapter = adapterOf(subject)
    const note = async (call: () => Promise<unknown>): Promise<void> => {
      const { error } = await endOf(call)
      if (error) errors.push(error)
    }
    for (const scenario of ['approve', 'reject', 'foreign_reference', 'unknown_verdict'] as const) {
      service.setScenario(scenario)
      await note(async () => {
        const started = await adapter.start(newOrder(subject.type))
        if (started.next === 'redirect') bearers.push(started.url)
        if (started.next === 'embed') bearers.push(started.token)
        const { real } = service.webhooks(started.reference)
        if (real) adapter.readWebhook(real)
        await adapter.fetchFinding(started.reference)
      })
    }
    service.setScenario('approve')
    const { reference } = await adapter.start(newOrder(subject.type))
    for (const breakage of ['page', 'unauthorized', 'half_answer', 'server_error'] as const) {
      service.setBreakage(breakage)
      await note(() => adapter.start(newOrder(subject.type)))
      await note(() => adapter.fetchFinding(reference))
      await note(() => adapter.probe())
    }
  })
  const output = `${printed} ${errors.map((error) => inspect(error, { depth: 9, showHidden: true })).join(' ')}`
  const problems = [...service.canaries, ...bearers]
    .filter((value) => output.toLowerCase().includes(value.toLowerCase()))
    .map((_value, index) => `canary ${index + 1} was printed or is in an error`)
  return errors.length === 0 ? [...problems, 'no error was seen: the rule did not test'] : problems
}
