import { JumioError, type V4Client } from '@veridoor/jumio'
import type { Probe, ProbeStep } from '../port.ts'

const titles = {
  address: 'Address answers',
  certificate: 'Certificate valid',
  credentials: 'Credentials accepted',
  quota: 'Within limits',
  clock: 'Clock agrees',
} as const

/** What a fault says about each step, in order: those before it passed, it failed, those after were not tried. */
const diagnose = (error: JumioError, isHttps: boolean): { step: keyof typeof titles; sentence: string } => {
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

/**
 * Asks for a transaction that cannot exist: a "not found" in Jumio's own form proves address, certificate and keys without
 * creating anything. Tells the documented faults apart, with the time each took.
 */
export const probeV4 = async (client: V4Client, baseUrl: string, now: () => Date): Promise<Probe> => {
  const isHttps = baseUrl.startsWith('https:')
  const from = now().getTime()
  let fault: JumioError | null = null
  try {
    await client.acceptedIdTypes()
  } catch (error) {
    if (!(error instanceof JumioError)) throw error
    fault = error
  }
  const ms = now().getTime() - from
  const diagnosis = fault ? diagnose(fault, isHttps) : null
  const order = ['address', 'certificate', 'credentials', 'quota'] as const
  const failedAt = diagnosis ? order.indexOf(diagnosis.step as (typeof order)[number]) : order.length
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
  return { ok: fault === null, ms, steps }
}
