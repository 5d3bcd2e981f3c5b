import { z } from 'zod'
import { base, done, Time } from './api-parts.ts'

const password = z.string().min(1).max(1000).meta({ secret: true })
const withPassword = z.object({ password })
const RecoveryCodes = z.object({
  /** Shown this once. */
  recoveryCodes: z.array(z.string().meta({ secret: true })),
})

/** How a person signs in, and where they are signed in. Always one's own account. */
export const security = {
  read: base
    .route({ method: 'GET', path: '/account/security', tags: ['account'] })
    .output(z.object({ authenticator: z.object({ isOn: z.boolean(), recoveryCodes: z.int() }) })),
  startApp: base
    .route({ method: 'POST', path: '/account/security/authenticator', tags: ['account'] })
    .input(withPassword)
    .output(
      z.object({
        /** Base32, for typing in. */
        secret: z.string().meta({ secret: true }),
        /** `otpauth://…`, what the QR code holds. */
        address: z.string().meta({ secret: true }),
      }),
    ),
  confirmApp: base
    .route({ method: 'POST', path: '/account/security/authenticator/confirm', tags: ['account'] })
    .input(z.object({ code: z.string().trim().min(1).max(20).meta({ secret: true }) }))
    .output(RecoveryCodes),
  removeApp: base
    .route({ method: 'POST', path: '/account/security/authenticator/remove', tags: ['account'] })
    .input(withPassword)
    .output(done),
  newRecoveryCodes: base
    .route({ method: 'POST', path: '/account/security/recovery-codes', tags: ['account'] })
    .input(withPassword)
    .output(RecoveryCodes),
  devices: base.route({ method: 'GET', path: '/account/sessions', tags: ['account'] }).output(
    z.object({
      items: z.array(
        z.object({
          id: z.uuid(),
          userAgent: z.string(),
          address: z.string(),
          createdAt: Time,
          lastSeenAt: Time,
          isThis: z.boolean(),
        }),
      ),
    }),
  ),
  endDevice: base
    .route({ method: 'DELETE', path: '/account/sessions/{id}', tags: ['account'] })
    .input(z.object({ id: z.uuid() }))
    .output(done),
  signOutEverywhere: base.route({ method: 'DELETE', path: '/account/sessions', tags: ['account'] }).output(done),
}
