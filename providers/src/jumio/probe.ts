import { JumioError } from '@veridoor/jumio'
import type { Probe } from '../port.ts'
import { probe as ask, type ProbeOptions } from '../probe.ts'
import { translating } from './faults.ts'

const words = {
  credentialsAccepted: 'Token and secret are accepted.',
  credentialsRefused: 'This token and secret are not accepted. Use the pair of this data centre.',
  forbidden:
    'The call was forbidden. Check token and secret, the company name, and whether your address is on the allow list.',
  otherService:
    'Something else answers at this address. Check the endpoint, and that it fits this generation of the API.',
}

/** Tells the documented faults of Jumio apart with one call that creates nothing. */
export const probe = (options: Pick<ProbeOptions, 'fetch' | 'now' | 'isHttps' | 'ask'>): Promise<Probe> =>
  ask({
    ...options,
    words,
    ask: (fetch, lastPath) => translating(() => options.ask(fetch, lastPath)),
    codeOf: ({ cause, fault }) =>
      cause instanceof JumioError ? `${cause.code}${cause.status ? ` ${cause.status}` : ''}` : fault,
  })
