import { z } from 'zod'
import { base, doneResponse, Time } from './api-base.ts'
import { ReasonView, VerificationView } from './api-verifications.ts'
import { IdentityClaim } from './identity.ts'
import { DisplayName, Email, PhoneNumber } from './text/fields.ts'

export const Account = z.object({
  organization: z.string(),
  organizationDisplayName: z.string(),
  name: z.string(),
  displayName: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  phone: z.string(),
  /** Whether a password is asked for where ways to sign in change. */
  hasPassword: z.boolean(),
  application: z.object({
    name: z.string(),
    displayName: z.string(),
    homepageUrl: z.string(),
    /** Whether it asks people for their phone number. */
    asksPhone: z.boolean(),
  }),
  identity: z.object({
    documentType: z.string(),
    /** Masked: `••••••4521`. The person asks for the whole number by `revealNumber`. */
    documentNumberMasked: z.string(),
    realName: z.string(),
    documentCountry: z.string(),
    /** Fields whose value is sealed for good. */
    sealed: z.array(z.enum(['documentType', 'documentNumber', 'realName', 'documentCountry'])),
    isVerified: z.boolean(),
    /** `installation`: by a provider that the installation had approved. `organization`: by one that only the organization chose. */
    trust: z.enum(['installation', 'organization']).nullable(),
    isDemonstration: z.boolean(),
    verifiedAt: Time.nullable(),
    verifiedBy: z.string().nullable(),
    /** Names of fields still to be filled in before a check can start. */
    missing: z.array(z.enum(['documentType', 'documentNumber', 'realName'])),
  }),
  /** The open or latest verification. */
  verification: VerificationView.nullable(),
  /** Whether Verify Identity may be pressed now; otherwise why not, as a sentence. */
  start: z.object({ allowed: z.boolean(), refusal: ReasonView.nullable(), triesLeft: z.int() }),
  helpContact: z.string(),
  /** Whether the result of a check is written to this person: there is a mail server, and an address. */
  isWrittenTo: z.boolean(),
})

/** What a person does with their own account. */
export const account = {
  read: base
    .route({ method: 'GET', path: '/account', summary: 'Reads your own account.', tags: ['account'] })
    .output(Account),
  saveProfile: base
    .route({
      method: 'PUT',
      path: '/account/profile',
      summary: 'Changes your display name, email address and phone number.',
      tags: ['account'],
    })
    .input(
      z.object({
        displayName: DisplayName,
        email: Email,
        /** Left out, it stays. */
        phone: PhoneNumber.optional(),
        /** Of the account that has one, when the address changes. */
        password: z.string().max(1000).optional().meta({ secret: true }),
      }),
    )
    .output(Account),
  /** Sends the link once more by which the address is confirmed. */
  askAgainToConfirm: base
    .route({
      method: 'POST',
      path: '/account/email/confirmation',
      summary: 'Sends the link that confirms your email address again.',
      tags: ['account'],
    })
    .output(doneResponse),
  saveIdentity: base
    .route({
      method: 'PUT',
      path: '/account/identity',
      summary: 'Changes your identity details. Verified ones never change.',
      tags: ['account'],
    })
    .input(IdentityClaim.partial())
    .output(Account),
  revealNumber: base
    .route({
      method: 'POST',
      path: '/account/identity/reveal',
      summary: 'Shows your whole document number.',
      tags: ['account'],
    })
    .output(z.object({ documentNumber: z.string().meta({ personal: true }) })),
  changePassword: base
    .route({ method: 'PUT', path: '/account/password', summary: 'Changes your password.', tags: ['account'] })
    .input(
      z.object({
        current: z.string().max(1000).meta({ secret: true }),
        next: z.string().min(10).max(1000).meta({ secret: true }),
      }),
    )
    .output(doneResponse),
}
