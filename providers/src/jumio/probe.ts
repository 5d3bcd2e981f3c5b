import { JumioError } from '@veridoor/jumio'
import type { Probe, ProbeStep } from '../port.ts'

const titles = {
  address: 'Address answers',
  certificate: 'Certificate valid',
  credentials: 'Credentials accepted',
  quota: 'Within limits',
  clock: 'Clock agrees',
} as const

/** What a fault says about each step, in order: those before it passed, it failed, those after were not tried. */
const diagnose = (
  error: JumioError,
  isHttps: boolean,
): { step: Exclude<keyof typeof titles, 'clock'>; sentence: string } => {
  switch (error.code) {
    case 'address_not_allowed':
      return {
        step: 'address',
        sentence: 'This address is private or not https. Use the public address, or have the operator allow it.',
      }
    case 'unreachable':
      return { step: 'address', sentence: 'Nothing answers at this address. Check the host name and your firewall.' }
    case 'timeout':
      return {
        step: 'address',
        sentence: 'The address did not answer in time. Try again; check your firewall if it stays.',
      }
    case 'tls':
      return {
        step: 'certificate',
        sentence: 'The certificate is not valid for this address. Check the host name and the date.',
      }
    case 'unauthorized':
      return {
        step: 'credentials',
        sentence: 'This token and secret are not accepted. Use the pair of this data centre.',
      }
    case 'forbidden':
      return {
        step: 'credentials',
        sentence:
          'The call was forbidden. Check token and secret, the company name, and whether your address is on the allow list.',
      }
    case 'rate_limited':
      return { step: 'quota', sentence: 'The limit of the other side is reached. Wait a minute, then test again.' }
    case 'not_found':
    case 'not_jumio':
    case 'redirected':
    case 'bad_response':
    case 'too_large':
      return {
        step: isHttps ? 'certificate' : 'address',
        sentence:
          'Something else answers at this address. Check the endpoint, and that it fits this generation of the API.',
      }
    default:
      return { step: 'address', sentence: 'The service answers with a fault of its own. Try again later.' }
  }
}

/** Clocks further apart than this break tokens and certificates. */
const CLOCK_TOLERANCE_MS = 5 * 60_000

/** What a probe needs. `lastPath` gives the path of the last call that was made; `isHttps` false skips the certificate. */
export type ProbeOptions = {
  readonly fetch: typeof fetch
  readonly now: () => Date
  readonly isHttps: boolean
  /** Makes the call that proves the keys, over the given fetch. Throws JumioError, which is then put into words. */
  ask(fetch: typeof globalThis.fetch, lastPath: () => string): Promise<void>
}

/** Tells the documented faults apart with one harmless call, and how long it took. Creates no transaction. */
export const probe = async ({ fetch, now, isHttps, ask }: ProbeOptions): Promise<Probe> => {
  let path = ''
  let skewMs: number | null = null
  const watching: typeof fetch = async (input, init) => {
    path = new URL(String(input)).pathname
    const response = await fetch(input, init)
    const theirs = Date.parse(response.headers.get('date') ?? '')
    if (!Number.isNaN(theirs)) skewMs = theirs - now().getTime()
    return response
  }
  const from = performance.now()
  let fault: JumioError | null = null
  try {
    await ask(watching, () => path)
  } catch (error) {
    if (!(error instanceof JumioError)) throw error
    fault = error
  }
  const ms = Math.round(performance.now() - from)
  const diagnosis = fault ? diagnose(fault, isHttps) : null
  const order = ['address', 'certificate', 'credentials', 'quota'] as const
  const failedAt = diagnosis ? order.indexOf(diagnosis.step) : order.length
  const good: Record<(typeof order)[number], string> = {
    address: 'The address answers.',
    certificate: 'The certificate is valid.',
    credentials: 'Token and secret are accepted.',
    quota: 'No limit was reached.',
  }
  const steps = order.map((step, index): ProbeStep => {
    // Without encryption there is no certificate to look at.
    const applies = step !== 'certificate' || isHttps
    const state = index < failedAt ? (applies ? 'ok' : 'skipped') : index === failedAt ? 'failed' : 'skipped'
    return {
      step,
      title: titles[step],
      state,
      ms: index === Math.min(failedAt, order.length - 1) ? ms : null,
      code: state === 'failed' && fault ? `${fault.code}${fault.status ? ` ${fault.status}` : ''}` : null,
      sentence:
        state === 'failed'
          ? (diagnosis?.sentence ?? '')
          : !applies
            ? 'Not encrypted: fine on this machine only.'
            : state === 'skipped'
              ? 'Not tried.'
              : good[step],
    }
  })
  const clock = clockStep(skewMs)
  return { ok: fault === null && clock.state !== 'failed', ms, steps: [...steps, clock] }
}

/** From the `Date` of the answer; not every service sends one. */
const clockStep = (skewMs: number | null): ProbeStep => {
  const state = skewMs === null ? 'skipped' : Math.abs(skewMs) > CLOCK_TOLERANCE_MS ? 'failed' : 'ok'
  const minutes = Math.round(Math.abs(skewMs ?? 0) / 60_000)
  return {
    step: 'clock',
    title: titles.clock,
    state,
    ms: null,
    code: state === 'failed' ? 'clock_skew' : null,
    sentence: {
      ok: 'Both clocks agree.',
      skipped: 'Not tried.',
      failed: `The clocks are ${minutes} minutes apart. Set this machine's clock by a time server.`,
    }[state],
  }
}
