import { type Probe, type ProbeStep, ProviderError, type ProviderFault } from './port.ts'

const titles = {
  address: 'Address answers',
  certificate: 'Certificate valid',
  credentials: 'Credentials accepted',
  quota: 'Within limits',
  clock: 'Clock agrees',
} as const

/** Sentences that depend on the type: what its credentials and endpoints are called. */
export type ProbeWords = {
  readonly credentialsAccepted: string
  readonly credentialsRefused: string
  readonly forbidden: string
  readonly otherService: string
}

type Diagnosis = { readonly step: Exclude<keyof typeof titles, 'clock'>; readonly sentence: string }

/** The step that a fault belongs to: those before it passed, those after were not tried. */
const diagnose = (fault: ProviderFault, isHttps: boolean, words: ProbeWords): Diagnosis => {
  switch (fault) {
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
        sentence: 'The address did not answer in time. Try again. If it keeps happening, check your firewall.',
      }
    case 'tls':
      return {
        step: 'certificate',
        sentence: 'The certificate is not valid for this address. Check the host name and the date.',
      }
    case 'credentials_refused':
      return { step: 'credentials', sentence: words.credentialsRefused }
    case 'forbidden':
      return { step: 'credentials', sentence: words.forbidden }
    case 'rate_limited':
      return { step: 'quota', sentence: 'The rate limit of the service is reached. Wait a minute, then test again.' }
    case 'not_found':
    case 'bad_response':
      return { step: isHttps ? 'certificate' : 'address', sentence: words.otherService }
    default:
      return { step: 'address', sentence: 'The service answers with an error of its own. Try again later.' }
  }
}

/** Clocks further apart than this break tokens and certificates. */
const CLOCK_TOLERANCE_MS = 5 * 60_000

/** What a probe needs. `lastPath` gives the path of the last call that was made; `isHttps` false skips the certificate. */
export type ProbeOptions = {
  readonly fetch: typeof fetch
  readonly now: () => Date
  readonly isHttps: boolean
  readonly words: ProbeWords
  /** Makes the call that proves the keys, over the given fetch. @throws {ProviderError} which is then put into words */
  ask(fetch: typeof globalThis.fetch, lastPath: () => string): Promise<void>
  /** The type's own code of a fault, for staff; the port's word when left out. */
  codeOf?(error: ProviderError): string
}

/** Tells the documented faults apart with one harmless call, and how long it took. Creates no transaction. */
export const probe = async ({ fetch, now, isHttps, words, ask, codeOf }: ProbeOptions): Promise<Probe> => {
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
  let fault: ProviderError | null = null
  try {
    await ask(watching, () => path)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    fault = error
  }
  const ms = Math.round(performance.now() - from)
  const diagnosis = fault ? diagnose(fault.fault, isHttps, words) : null
  const order = ['address', 'certificate', 'credentials', 'quota'] as const
  const failedAt = diagnosis ? order.indexOf(diagnosis.step) : order.length
  const good: Record<(typeof order)[number], string> = {
    address: 'The address answers.',
    certificate: 'The certificate is valid.',
    credentials: words.credentialsAccepted,
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
      code: state === 'failed' && fault ? (codeOf?.(fault) ?? fault.fault) : null,
      sentence:
        state === 'failed'
          ? (diagnosis?.sentence ?? '')
          : !applies
            ? 'Not encrypted: allowed on this machine only.'
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
      failed: `The clocks are ${minutes} minutes apart. Synchronise this machine's clock with a time server.`,
    }[state],
  }
}
