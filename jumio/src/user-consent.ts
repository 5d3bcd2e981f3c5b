import { z } from 'zod'

/** Agreement to processing a face, where pictures come by API or from an interface of one's own (section 4.4). */
export const UserConsent = z.object({
  /** The person's own address. */
  userIp: z.string().min(1).max(45),
  userLocation: z.object({
    country: z.string().regex(/^[A-Z]{3}$/),
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
