import { z } from 'zod'
import { base, doneResponse, Time } from './api-base.ts'
import { LineOfText, OneTimeCode, SignInName } from './text/fields.ts'

const password = z.string().min(1).max(1000).meta({ secret: true })
const withPassword = z.object({ password })
const RecoveryCodes = z.object({
  /** Shown this once. */
  recoveryCodes: z.array(z.string().meta({ secret: true })),
})

const passkeyName = LineOfText(60).min(1)
const passkeyId = z.string().min(1).max(1400)
/** As WebAuthn's JSON forms have them (Level 3, 5.1.8); the server's library reads them strictly. */
const Options = z.looseObject({ challenge: z.string() })
const credential = { id: passkeyId, rawId: passkeyId, type: z.literal('public-key') }
const extensions = {
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
  authenticatorAttachment: z.enum(['cross-platform', 'platform']).optional(),
}
const bytes = z.string().max(20_000)
const Registration = z.object({
  ...credential,
  ...extensions,
  response: z.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z.array(z.string().max(20)).max(10).optional(),
  }),
})
const Assertion = z.object({
  ...credential,
  ...extensions,
  response: z.object({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: z.string().max(200).optional(),
  }),
})

/** Signing in with a passkey: the question, bound to this browser by a cookie, and the answer to it. */
export const passkeySession = {
  start: base
    .route({
      method: 'POST',
      path: '/session/passkey/options',
      summary: 'Starts a sign-in with a passkey.',
      tags: ['session'],
    })
    .output(Options),
  application: LineOfText(100).optional(),
  response: Assertion,
}

const application = LineOfText(100).optional()
const username = SignInName.meta({ personal: true })
const token = z.string().min(1).max(100).meta({ secret: true })

/** What is done by email: a new password, a confirmed address, signing in with a code. No answer tells which accounts exist. */
export const letterSession = {
  forgotPassword: base
    .route({
      method: 'POST',
      path: '/password-resets',
      summary: 'Sends a link for a new password. The answer is the same whether the account exists or not.',
      tags: ['session'],
    })
    .input(z.object({ application, username }))
    .output(doneResponse),
  resetPassword: base
    .route({
      method: 'POST',
      path: '/password-resets/complete',
      summary: 'Sets a new password with the link from the email.',
      tags: ['session'],
    })
    .input(z.object({ token, password: z.string().min(10).max(1000).meta({ secret: true }) }))
    .output(doneResponse),
  confirmEmail: base
    .route({
      method: 'POST',
      path: '/email-confirmations',
      summary: 'Confirms an email address with the link from the email.',
      tags: ['session'],
    })
    .input(z.object({ token }))
    .output(doneResponse),
  startEmailCode: base
    .route({
      method: 'POST',
      path: '/session/email-code',
      summary: 'Sends a code for signing in. The answer is the same whether the account exists or not.',
      tags: ['session'],
    })
    .input(z.object({ application, username }))
    .output(doneResponse),
  emailCode: z.object({
    application,
    emailCode: OneTimeCode.min(1).meta({ secret: true }),
    /** After SECOND_STEP_NEEDED: the authenticator app's code, or a recovery code. */
    code: OneTimeCode.meta({ secret: true }).optional(),
  }),
}

/** How a person signs in, and where they are signed in. Always one's own account. */
export const security = {
  read: base
    .route({
      method: 'GET',
      path: '/account/security',
      summary: 'Reads your own second step and passkeys.',
      tags: ['account'],
    })
    .output(
      z.object({
        authenticator: z.object({ isOn: z.boolean(), recoveryCodes: z.int() }),
        passkeys: z.array(z.object({ id: z.string(), name: z.string(), createdAt: Time, lastUsedAt: Time.nullable() })),
      }),
    ),
  startPasskey: base
    .route({
      method: 'POST',
      path: '/account/security/passkeys/options',
      summary: 'Starts adding a passkey.',
      tags: ['account'],
    })
    .input(withPassword)
    .output(Options),
  addPasskey: base
    .route({ method: 'POST', path: '/account/security/passkeys', summary: 'Adds a passkey.', tags: ['account'] })
    .input(z.object({ name: passkeyName, response: Registration }))
    .output(doneResponse),
  renamePasskey: base
    .route({ method: 'PUT', path: '/account/security/passkeys/{id}', summary: 'Renames a passkey.', tags: ['account'] })
    .input(z.object({ id: passkeyId, name: passkeyName }))
    .output(doneResponse),
  removePasskey: base
    .route({
      method: 'DELETE',
      path: '/account/security/passkeys/{id}',
      summary: 'Removes a passkey.',
      tags: ['account'],
    })
    .input(z.object({ id: passkeyId }))
    .output(doneResponse),
  startApp: base
    .route({
      method: 'POST',
      path: '/account/security/authenticator',
      summary: 'Starts setting up an authenticator app.',
      tags: ['account'],
    })
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
    .route({
      method: 'POST',
      path: '/account/security/authenticator/confirm',
      summary: 'Turns the authenticator app on with its first code.',
      tags: ['account'],
    })
    .input(z.object({ code: OneTimeCode.min(1).meta({ secret: true }) }))
    .output(RecoveryCodes),
  removeApp: base
    .route({
      method: 'POST',
      path: '/account/security/authenticator/remove',
      summary: 'Removes the authenticator app.',
      tags: ['account'],
    })
    .input(withPassword)
    .output(doneResponse),
  newRecoveryCodes: base
    .route({
      method: 'POST',
      path: '/account/security/recovery-codes',
      summary: 'Makes new recovery codes. The old ones end.',
      tags: ['account'],
    })
    .input(withPassword)
    .output(RecoveryCodes),
  devices: base
    .route({ method: 'GET', path: '/account/sessions', summary: 'Lists where you are signed in.', tags: ['account'] })
    .output(
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
    .route({ method: 'DELETE', path: '/account/sessions/{id}', summary: 'Signs one device out.', tags: ['account'] })
    .input(z.object({ id: z.uuid() }))
    .output(doneResponse),
  signOutEverywhere: base
    .route({ method: 'DELETE', path: '/account/sessions', summary: 'Signs you out everywhere.', tags: ['account'] })
    .output(doneResponse),
}
