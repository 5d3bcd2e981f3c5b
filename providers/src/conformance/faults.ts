import type { ProviderFault } from '../port.ts'
import type { Breakage } from './service.ts'
import { adapterOf, endOf, isInstant, newOrder, type Subject } from './subject.ts'

/** Rules about a service that fails. */

type Expected = { readonly faults: readonly ProviderFault[]; readonly retryable?: boolean }
const expected: Readonly<Record<Breakage, Expected>> = {
  hangs: { faults: ['timeout'], retryable: true },
  resets: { faults: ['unreachable'], retryable: true },
  half_answer: { faults: ['unreachable', 'bad_response'], retryable: true },
  page: { faults: ['bad_response'] },
  huge: { faults: ['bad_response'] },
  server_error: { faults: ['server_error'], retryable: true },
  unauthorized: { faults: ['credentials_refused'], retryable: false },
  forbidden: { faults: ['forbidden', 'credentials_refused'], retryable: false },
  busy: { faults: ['rate_limited'], retryable: true },
  busy_for_two_minutes: { faults: ['rate_limited'], retryable: true },
  redirects: { faults: ['bad_response'], retryable: false },
}

/** Every way to fail has its fault, and a wait that was asked for is passed on. */
export const faultsAreNamed = async (subject: Subject): Promise<string[]> => {
  const { service } = subject
  const adapter = adapterOf(subject)
  const started = await adapter.start(newOrder(subject.type))
  const instant = isInstant(started)
  const problems: string[] = []
  for (const [breakage, { faults, retryable }] of Object.entries(expected)) {
    service.setBreakage(breakage as Breakage)
    const { fault, provider } = await endOf(() =>
      instant ? adapter.start(newOrder(subject.type)) : adapter.fetchFinding(started.reference),
    )
    if (!faults.some((one) => one === fault)) problems.push(`${breakage} is ${fault}`)
    // A start that ended ambiguously is not repeated (see the next rule), so an instant type may say so.
    else if (
      retryable !== undefined &&
      provider?.retryable !== retryable &&
      !(instant && provider?.retryable === false)
    )
      problems.push(`${breakage}: whether to try again is wrong`)
    if (breakage === 'busy_for_two_minutes' && provider?.retryAfterMs !== 120_000)
      problems.push('the wait that was asked for is lost')
  }
  return problems
}

/** Each success is billed and there is no idempotency key: an ambiguous end is given back, not repeated. */
export const checksOpenOnce = async (subject: Subject): Promise<string[]> => {
  const { service } = subject
  const adapter = adapterOf(subject)
  const problems: string[] = []
  for (const breakage of ['server_error', 'hangs', 'resets', 'half_answer'] as const) {
    await adapter.start(newOrder(subject.type))
    service.setBreakage(breakage)
    const before = service.opened().length
    const { fault } = await endOf(() => adapter.start(newOrder(subject.type)))
    if (fault === 'none' || fault === 'foreign') problems.push(`${breakage} while starting is ${fault}`)
    if (service.opened().length - before > 1) problems.push(`${breakage}: opened more than once`)
    service.setBreakage(null)
  }
  return problems
}

/** No call goes where a redirect leads. */
export const redirectsAreRefused = async (subject: Subject): Promise<string[]> => {
  const { service } = subject
  const adapter = adapterOf(subject)
  const { reference } = await adapter.start(newOrder(subject.type))
  const before = service.redirectedCalls()
  service.setBreakage('redirects')
  const calls = [
    () => adapter.start(newOrder(subject.type)),
    () => adapter.fetchFinding(reference),
    () => adapter.erase(reference),
    () => adapter.probe(),
  ]
  for (const call of calls) await endOf(call)
  return service.redirectedCalls() > before ? ['credentials travelled to another host'] : []
}

const steps: Readonly<Partial<Record<Breakage, readonly string[]>>> = {
  unauthorized: ['credentials'],
  forbidden: ['credentials'],
  busy_for_two_minutes: ['quota'],
  page: ['address', 'certificate'],
  hangs: ['address'],
  resets: ['address'],
}

/** A probe blames the right step, in a sentence, and opens no check. */
export const probesTellFaultsApart = async (subject: Subject): Promise<string[]> => {
  const { service } = subject
  const adapter = adapterOf(subject)
  const opened = service.opened().length
  const problems: string[] = []
  const well = await adapter.probe()
  if (!well.ok || well.steps.some((step) => step.state === 'failed')) problems.push('all is well, yet it fails')
  for (const [breakage, where] of Object.entries(steps)) {
    service.setBreakage(breakage as Breakage)
    const probed = await adapter.probe()
    const failed = probed.steps.find((step) => step.state === 'failed')
    if (probed.ok) problems.push(`${breakage}: all is said to be well`)
    else if (!failed || !where.includes(failed.step)) problems.push(`${breakage} is blamed on ${failed?.step}`)
    else if (!/^[A-Z].*\.$/.test(failed.sentence)) problems.push(`${breakage} has no sentence`)
  }
  if (service.opened().length > opened) problems.push('a probe opened a check')
  return problems
}
