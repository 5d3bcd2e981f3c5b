import { isIP } from 'node:net'
import { z } from 'zod'

/** Agreement to processing a face, where pictures come by API or from an interface of one's own (section 4.4). */
export const UserConsent = z.object({
  /** The person's own address. */
  userIp: z.string().min(1).max(45),
  userLocation: z.object({
    country: z.string().regex(/^[A-Z]{3}$/),
    /** Two or three letters for USA, CAN and AUS. */
    state: z.string().max(100).optional(),
  }),
  /** Needed when the country is USA. */
  consent: z
    .object({ obtained: z.enum(['yes', 'no', 'na']), obtainedAt: z.string().optional() })
    .refine((value) => value.obtained !== 'yes' || value.obtainedAt !== undefined, {
      path: ['obtainedAt'],
      message: 'when the person agreed',
    })
    .optional(),
})
export type UserConsent = z.infer<typeof UserConsent>

const withStates = ['USA', 'CAN', 'AUS']
/** UTC with zero to three digits of a second (section 2.3). */
const isTimestamp = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/.test(text) && !Number.isNaN(Date.parse(text))

/** What Jumio would refuse only when the person has already taken pictures, so it is said before anything is sent. Names of fields. */
export const consentFaults = (given: UserConsent | undefined): string[] => {
  if (!given) return []
  const { country, state } = given.userLocation
  const at = given.consent?.obtainedAt
  const faults: string[] = []
  if (isIP(given.userIp) === 0) faults.push('userConsent.userIp')
  if (state !== undefined && withStates.includes(country) && !/^[A-Z]{2,3}$/.test(state))
    faults.push('userConsent.userLocation.state')
  if (country === 'USA' && !given.consent) faults.push('userConsent.consent')
  if (at !== undefined && !isTimestamp(at)) faults.push('userConsent.consent.obtainedAt')
  return faults
}
