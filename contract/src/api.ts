import { z } from 'zod'
import { apiKeys } from './api-keys.ts'
import { mails } from './api-mail.ts'
import { base, done, Id, listOf, Name, named, Page, Time, Username } from './api-parts.ts'
import { letterSession, passkeySession, security } from './api-security.ts'
import { webhooks } from './api-webhooks.ts'
import { IdentityClaim } from './identity.ts'
import { Colour, Phone, SignUpFields } from './sign-up-fields.ts'
import { VerificationState } from './states.ts'

/**
 * Our own API, mounted under `/v1`. One declaration: server guard, typed client and OpenAPI document come from it.
 * Objects are named by `organization` + `name`, as existing clients know them. Secrets are write-only: they are
 * never in an answer, `***` stands for "there is one", and `***` sent back keeps it.
 */
/** ---- shapes ---- */
export const SessionView = z.object({
  user: z.object({
    organization: z.string(),
    name: z.string(),
    displayName: z.string(),
    email: z.string(),
    isAdmin: z.boolean(),
    /** Administrator of the whole installation: a user of organization `built-in` with isAdmin. */
    isGlobalAdmin: z.boolean(),
    mustChangePassword: z.boolean(),
  }),
  application: z.object({ name: z.string(), displayName: z.string() }),
  organization: z.object({ name: z.string(), displayName: z.string(), helpContact: z.string() }),
})

export const SignInPage = z.object({
  application: z.object({
    name: z.string(),
    displayName: z.string(),
    logo: z.string(),
    homepageUrl: z.string(),
    enableSignUp: z.boolean(),
    enablePassword: z.boolean(),
    enableEmailCode: z.boolean(),
    signUpFields: SignUpFields,
    /** The application's, else its organization's; empty: the product's own. */
    colour: z.string(),
  }),
  organization: z.object({ name: z.string(), displayName: z.string(), logo: z.string(), helpContact: z.string() }),
})

/** A reason as the person sees it: the key of `sentences`, and the values its text needs. */
export const ReasonView = z.object({
  code: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})

export const VerificationView = z.object({
  id: Id,
  /** Short, shared by person, support and staff: `VD-7KQ2-M4`. */
  reference: z.string(),
  state: VerificationState,
  isTest: z.boolean(),
  /** The document said of itself that it is a specimen. Counts only while the demonstration switch is on. */
  isDemonstration: z.boolean(),
  createdAt: Time,
  /** When an unfinished check closes by itself. */
  expiresAt: Time.nullable(),
  endedAt: Time.nullable(),
  /** Where the person goes on; only for the person, only while `waiting`. */
  redirectUrl: z.string().nullable(),
  reasons: z.array(ReasonView),
  canCancel: z.boolean(),
})

export const Account = z.object({
  organization: z.string(),
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
    idCardType: z.string(),
    /** Masked: `••••••4521`. The person asks for the whole number by `revealNumber`. */
    idCardMasked: z.string(),
    realName: z.string(),
    idCardCountry: z.string(),
    /** Fields whose value is sealed for good. */
    sealed: z.array(z.enum(['idCardType', 'idCard', 'realName', 'idCardCountry'])),
    isVerified: z.boolean(),
    isDemonstration: z.boolean(),
    verifiedAt: Time.nullable(),
    verifiedBy: z.string().nullable(),
    /** Names of fields still to be filled in before a check can start. */
    missing: z.array(z.enum(['idCardType', 'idCard', 'realName'])),
  }),
  /** The open or latest verification. */
  verification: VerificationView.nullable(),
  /** Whether Verify Identity may be pressed now; otherwise why not, as a sentence. */
  start: z.object({ allowed: z.boolean(), refusal: ReasonView.nullable(), triesLeft: z.int() }),
  helpContact: z.string(),
})

export const OrganizationView = z.object({
  name: z.string(),
  displayName: z.string(),
  logo: z.string(),
  colour: z.string(),
  helpContact: z.string(),
  createdAt: Time,
  users: z.int(),
  triesPerDay: z.int(),
  etag: z.string(),
})
export const OrganizationInput = z.object({
  displayName: z.string().trim().min(1).max(100),
  logo: z.string().max(500).default(''),
  colour: Colour.default(''),
  helpContact: z.string().trim().max(200).default(''),
  triesPerDay: z.int().min(1).max(50).default(5),
})

/** One row of an application's provider list, in the order in which they are tried. */
export const ProviderRow = z.object({ organization: z.string(), name: z.string() })
export const ApplicationView = z.object({
  name: z.string(),
  organization: z.string(),
  displayName: z.string(),
  logo: z.string(),
  colour: z.string(),
  homepageUrl: z.string(),
  clientId: z.string(),
  redirectUris: z.array(z.string()),
  isPublic: z.boolean(),
  requireConsent: z.boolean(),
  pairwiseSubjects: z.boolean(),
  backchannelLogoutUri: z.string(),
  enableSignUp: z.boolean(),
  enablePassword: z.boolean(),
  enableEmailCode: z.boolean(),
  signUpFields: SignUpFields,
  providers: z.array(
    ProviderRow.extend({ displayName: z.string(), category: z.string(), type: z.string(), health: z.string() }),
  ),
  createdAt: Time,
  etag: z.string(),
})
export const ApplicationInput = z.object({
  displayName: z.string().trim().min(1).max(100),
  logo: z.string().max(500).default(''),
  colour: Colour.default(''),
  homepageUrl: z.union([z.url(), z.literal('')]).default(''),
  redirectUris: z.array(z.url()).max(50).default([]),
  /** Runs in a browser or on a phone: no secret, PKCE required. */
  isPublic: z.boolean().default(false),
  requireConsent: z.boolean().default(false),
  /** Each person is known to it by an identifier of its own. */
  pairwiseSubjects: z.boolean().default(false),
  backchannelLogoutUri: z.union([z.url(), z.literal('')]).default(''),
  enableSignUp: z.boolean().default(true),
  enablePassword: z.boolean().default(true),
  /** A code by mail, in place of a password. */
  enableEmailCode: z.boolean().default(false),
  signUpFields: SignUpFields.default(SignUpFields.parse({})),
  providers: z.array(ProviderRow).max(20).default([]),
})

export const ProviderTypeView = z.object({
  category: z.string(),
  type: z.string(),
  displayName: z.string(),
  /** JSON Schema of the configuration; the form is drawn from it. `secret`, `widget`, `group`, `title`, `description`. */
  configSchema: z.record(z.string(), z.unknown()),
})
export const ProviderHealth = z.enum(['ok', 'degraded', 'down', 'unknown'])
export const ProviderView = z.object({
  organization: z.string(),
  name: z.string(),
  displayName: z.string(),
  category: z.string(),
  type: z.string(),
  /** Secrets read `***` when set, `` when not. */
  config: z.record(z.string(), z.unknown()),
  secretsSavedAt: Time.nullable(),
  health: ProviderHealth,
  healthDetail: z.string(),
  usedThisMonth: z.int(),
  monthlyLimit: z.int().nullable(),
  usedBy: z.array(z.object({ name: z.string(), displayName: z.string() })),
  lastTest: z.object({ at: Time, ok: z.boolean() }).nullable(),
  createdAt: Time,
  etag: z.string(),
})
export const ProviderInput = z.object({
  displayName: z.string().trim().min(1).max(100),
  category: z.string().min(1).max(100),
  type: z.string().min(1).max(100),
  config: z.record(z.string(), z.unknown()),
})
export const ProbeView = z.object({
  ok: z.boolean(),
  ms: z.int(),
  at: Time,
  steps: z.array(
    z.object({
      step: z.string(),
      title: z.string(),
      state: z.enum(['ok', 'failed', 'skipped']),
      ms: z.int().nullable(),
      code: z.string().nullable(),
      sentence: z.string(),
    }),
  ),
})

export const UserView = z.object({
  organization: z.string(),
  name: z.string(),
  id: Id,
  displayName: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  phone: z.string(),
  isAdmin: z.boolean(),
  isForbidden: z.boolean(),
  application: z.string(),
  /** Sign-in asks for a code of an authenticator app. */
  hasSecondStep: z.boolean(),
  identity: z.object({
    idCardType: z.string(),
    idCardMasked: z.string(),
    realName: z.string(),
    idCardCountry: z.string(),
    sealed: z.array(z.string()),
    isVerified: z.boolean(),
    isDemonstration: z.boolean(),
    verifiedAt: Time.nullable(),
  }),
  verificationState: VerificationState.nullable(),
  createdAt: Time,
  lastSignInAt: Time.nullable(),
  etag: z.string(),
})
export const UserInput = z.object({
  displayName: z.string().trim().max(100).default(''),
  email: z.union([z.email().max(200), z.literal('')]).default(''),
  isAdmin: z.boolean().default(false),
  isForbidden: z.boolean().default(false),
  application: z.string().max(100).default(''),
  identity: IdentityClaim.partial().optional(),
})

export const TimelineLine = z.object({
  at: Time,
  event: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  text: z.string(),
})
/** `=` same, `≠` different, `~` close, `?` not available. */
export const ComparisonRow = z.object({
  field: z.string(),
  claimed: z.string(),
  document: z.string(),
  result: z.enum(['same', 'close', 'different', 'absent']),
})
export const VerificationDetail = VerificationView.extend({
  person: z.object({ organization: z.string(), name: z.string() }),
  provider: z.object({ organization: z.string(), name: z.string(), displayName: z.string(), type: z.string() }),
  application: z.string(),
  startedBy: z.string(),
  providerReference: z.string().nullable(),
  checks: z.array(z.object({ check: z.string(), result: z.string() })),
  comparison: z.array(ComparisonRow),
  staffReasons: z.array(z.string()),
  timeline: z.array(TimelineLine),
  reviewedBy: z.string().nullable(),
  /** The operator lets reviewers look at the pictures that the provider still has. */
  canShowPictures: z.boolean(),
})
/** Why someone looked at the pictures of a check; recorded with the look. */
export const lookReasons = ['review', 'complaint', 'fraud_case', 'quality'] as const
const LookAtPictures = z.object({ id: Id, reason: z.enum(lookReasons) })
const Pictures = z.object({
  items: z.array(
    z.object({
      side: z.enum(['front', 'back', 'face']),
      contentType: z.enum(['image/jpeg', 'image/png']),
      /** Base64. */
      data: z.string(),
    }),
  ),
})
export const VerificationRow = z.object({
  id: Id,
  reference: z.string(),
  state: VerificationState,
  isTest: z.boolean(),
  isDemonstration: z.boolean(),
  person: z.object({ organization: z.string(), name: z.string() }),
  provider: z.string(),
  reasons: z.array(ReasonView),
  createdAt: Time,
  endedAt: Time.nullable(),
})

export const AuditLine = z.object({
  number: z.int(),
  at: Time,
  organization: z.string(),
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  provider: z.string().nullable(),
  reference: z.string().nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  reasons: z.array(z.string()),
  result: z.string(),
  address: z.string(),
})

/** ---- endpoints ---- */
export const api = {
  session: {
    page: base
      .route({ method: 'GET', path: '/sign-in-page', tags: ['session'] })
      .input(z.object({ application: z.string().max(100).optional() }))
      .output(SignInPage),
    read: base.route({ method: 'GET', path: '/session', tags: ['session'] }).output(SessionView),
    signIn: base
      .route({ method: 'POST', path: '/session', tags: ['session'] })
      .input(
        z.object({
          application: z.string().max(100).optional(),
          username: z.string().trim().min(1).max(200).meta({ personal: true }),
          password: z.string().min(1).max(1000).meta({ secret: true }),
          /** After SECOND_STEP_NEEDED: the authenticator app's code, or a recovery code. */
          code: z.string().trim().max(30).meta({ secret: true }).optional(),
        }),
      )
      .output(SessionView),
    forgotPassword: letterSession.forgotPassword,
    resetPassword: letterSession.resetPassword,
    confirmEmail: letterSession.confirmEmail,
    startEmailCode: letterSession.startEmailCode,
    emailCodeSignIn: base
      .route({ method: 'POST', path: '/session/email-code/complete', tags: ['session'] })
      .input(letterSession.emailCode)
      .output(SessionView),
    startPasskey: passkeySession.start,
    passkeySignIn: base
      .route({ method: 'POST', path: '/session/passkey', tags: ['session'] })
      .input(z.object({ application: passkeySession.application, response: passkeySession.response }))
      .output(SessionView),
    signOut: base.route({ method: 'DELETE', path: '/session', tags: ['session'] }).output(done),
    signUp: base
      .route({ method: 'POST', path: '/accounts', successStatus: 201, tags: ['session'] })
      .input(
        z.object({
          application: z.string().max(100).optional(),
          username: Username,
          displayName: z.string().trim().max(100).default(''),
          /** Which of these are needed, the application says (`signUpFields` of the sign-in page). */
          email: z
            .union([z.email().max(200), z.literal('')])
            .default('')
            .meta({ personal: true }),
          realName: IdentityClaim.shape.realName.default(''),
          phone: Phone.default('').meta({ personal: true }),
          password: z.string().min(10).max(1000).meta({ secret: true }),
        }),
      )
      .output(SessionView),
  },
  account: {
    read: base.route({ method: 'GET', path: '/account', tags: ['account'] }).output(Account),
    saveProfile: base
      .route({ method: 'PUT', path: '/account/profile', tags: ['account'] })
      .input(
        z.object({
          displayName: z.string().trim().max(100),
          email: z.union([z.email().max(200), z.literal('')]),
          /** Left out, it stays. */
          phone: Phone.optional(),
          /** Of the account that has one, when the address changes. */
          password: z.string().max(1000).optional().meta({ secret: true }),
        }),
      )
      .output(Account),
    /** Sends the link once more by which the address is confirmed. */
    askAgainToConfirm: base
      .route({ method: 'POST', path: '/account/email/confirmation', tags: ['account'] })
      .output(done),
    saveIdentity: base
      .route({ method: 'PUT', path: '/account/identity', tags: ['account'] })
      .input(IdentityClaim.partial())
      .output(Account),
    revealNumber: base
      .route({ method: 'POST', path: '/account/identity/reveal', tags: ['account'] })
      .output(z.object({ idCard: z.string().meta({ personal: true }) })),
    changePassword: base
      .route({ method: 'PUT', path: '/account/password', tags: ['account'] })
      .input(
        z.object({
          current: z.string().max(1000).meta({ secret: true }),
          next: z.string().min(10).max(1000).meta({ secret: true }),
        }),
      )
      .output(done),
  },
  security,
  verifications: {
    start: base
      .route({ method: 'POST', path: '/verifications', successStatus: 201, tags: ['verifications'] })
      .input(
        z.object({
          /** Whom; left out: oneself. Admins of the organization may start for a person. */
          organization: Name.optional(),
          name: Name.optional(),
          /** A test run of this provider for one's own profile: marked as test, never seals. */
          test: z.object({ organization: Name, provider: Name }).optional(),
        }),
      )
      .output(VerificationView),
    list: base
      .route({ method: 'GET', path: '/verifications', tags: ['verifications'] })
      .input(
        z.object({
          ...Page,
          organization: Name.optional(),
          state: VerificationState.optional(),
          user: Name.optional(),
        }),
      )
      .output(listOf(VerificationRow)),
    read: base
      .route({ method: 'GET', path: '/verifications/{id}', tags: ['verifications'] })
      .input(z.object({ id: Id }))
      .output(VerificationDetail),
    /** State only, by id, for the person; what the return page polls. */
    state: base
      .route({ method: 'GET', path: '/verifications/{id}/state', tags: ['verifications'] })
      .input(z.object({ id: Id }))
      .output(VerificationView),
    cancel: base
      .route({ method: 'POST', path: '/verifications/{id}/cancel', tags: ['verifications'] })
      .input(z.object({ id: Id }))
      .output(VerificationView),
    /** Staff look at the pictures, for a reason that is recorded. Nothing keeps them on this side. */
    pictures: base
      .route({ method: 'POST', path: '/verifications/{id}/pictures', tags: ['verifications'] })
      .input(LookAtPictures)
      .output(Pictures),
    review: base
      .route({ method: 'POST', path: '/verifications/{id}/review', tags: ['verifications'] })
      .input(
        z.object({
          id: Id,
          decision: z.enum(['approve', 'reject']),
          reason: z.string().trim().min(1).max(200),
          note: z.string().trim().max(2000).default(''),
        }),
      )
      .output(VerificationDetail),
  },
  organizations: {
    list: base
      .route({ method: 'GET', path: '/organizations', tags: ['console'] })
      .output(z.object({ items: z.array(OrganizationView) })),
    create: base
      .route({ method: 'POST', path: '/organizations', successStatus: 201, tags: ['console'] })
      .input(OrganizationInput.extend({ name: Name }))
      .output(OrganizationView),
    read: base
      .route({ method: 'GET', path: '/organizations/{name}', tags: ['console'] })
      .input(z.object({ name: Name }))
      .output(OrganizationView),
    update: base
      .route({ method: 'PUT', path: '/organizations/{name}', tags: ['console'] })
      .input(OrganizationInput.extend({ name: Name, etag: z.string().optional() }))
      .output(OrganizationView),
  },
  applications: {
    list: base
      .route({ method: 'GET', path: '/applications', tags: ['console'] })
      .input(z.object({ organization: Name.optional() }))
      .output(z.object({ items: z.array(ApplicationView) })),
    read: base
      .route({ method: 'GET', path: '/applications/{name}', tags: ['console'] })
      .input(z.object({ name: Name }))
      .output(ApplicationView),
    create: base
      .route({ method: 'POST', path: '/applications', successStatus: 201, tags: ['console'] })
      .input(ApplicationInput.extend({ organization: Name, name: Name }))
      .output(ApplicationView),
    update: base
      .route({ method: 'PUT', path: '/applications/{name}', tags: ['console'] })
      .input(ApplicationInput.extend({ name: Name, etag: z.string().optional() }))
      .output(ApplicationView),
    remove: base
      .route({ method: 'DELETE', path: '/applications/{name}', tags: ['console'] })
      .input(z.object({ name: Name }))
      .output(done),
    resetSecret: base
      .route({ method: 'POST', path: '/applications/{name}/secret', tags: ['applications'] })
      .input(z.object({ name: Name }))
      .output(z.object({ clientSecret: z.string().meta({ secret: true }) })),
  },
  providers: {
    types: base
      .route({ method: 'GET', path: '/provider-types', tags: ['console'] })
      .output(z.object({ items: z.array(ProviderTypeView) })),
    list: base
      .route({ method: 'GET', path: '/providers', tags: ['console'] })
      .input(z.object({ organization: Name.optional() }))
      .output(z.object({ items: z.array(ProviderView) })),
    read: base
      .route({ method: 'GET', path: '/providers/{organization}/{name}', tags: ['console'] })
      .input(named)
      .output(ProviderView),
    create: base
      .route({ method: 'POST', path: '/providers', successStatus: 201, tags: ['console'] })
      .input(ProviderInput.extend({ organization: Name, name: Name }))
      .output(ProviderView),
    update: base
      .route({ method: 'PUT', path: '/providers/{organization}/{name}', tags: ['console'] })
      .input(ProviderInput.extend({ organization: Name, name: Name, etag: z.string().optional() }))
      .output(ProviderView),
    remove: base
      .route({ method: 'DELETE', path: '/providers/{organization}/{name}', tags: ['console'] })
      .input(named)
      .output(done),
    /** Test connection, with the values in the form; saves nothing but the time and result of the test. */
    probe: base
      .route({ method: 'POST', path: '/provider-tests', tags: ['console'] })
      .input(ProviderInput.extend({ organization: Name, name: Name.optional() }))
      .output(ProbeView),
  },
  users: {
    list: base
      .route({ method: 'GET', path: '/users', tags: ['console'] })
      .input(z.object({ ...Page, organization: Name.optional(), search: z.string().max(100).optional() }))
      .output(listOf(UserView)),
    read: base
      .route({ method: 'GET', path: '/users/{organization}/{name}', tags: ['console'] })
      .input(named)
      .output(UserView),
    create: base
      .route({ method: 'POST', path: '/users', successStatus: 201, tags: ['console'] })
      .input(
        UserInput.extend({
          organization: Name,
          name: Name,
          password: z.string().min(10).max(1000).optional().meta({ secret: true }),
        }),
      )
      .output(UserView),
    update: base
      .route({ method: 'PUT', path: '/users/{organization}/{name}', tags: ['console'] })
      .input(UserInput.extend({ organization: Name, name: Name, etag: z.string().optional() }))
      .output(UserView),
    /** For somebody who lost phone and recovery codes. Recorded, and the person is written to. */
    removeSecondStep: base
      .route({ method: 'POST', path: '/users/{organization}/{name}/second-step/removal', tags: ['console'] })
      .input(named.extend({ reason: z.string().trim().min(3).max(200) }))
      .output(UserView),
    remove: base
      .route({ method: 'DELETE', path: '/users/{organization}/{name}', tags: ['console'] })
      .input(named)
      .output(done),
  },
  audit: {
    list: base
      .route({ method: 'GET', path: '/audit', tags: ['console'] })
      .input(
        z.object({
          ...Page,
          organization: Name.optional(),
          action: z.string().max(100).optional(),
          target: z.string().max(200).optional(),
        }),
      )
      .output(listOf(AuditLine)),
    verify: base
      .route({ method: 'GET', path: '/audit/chain', tags: ['console'] })
      .input(z.object({ organization: Name.optional() }))
      .output(z.object({ ok: z.boolean(), lines: z.int(), firstBadLine: z.int().nullable(), checkedAt: Time })),
  },
  apiKeys,
  webhooks,
  mails,
  overview: {
    read: base.route({ method: 'GET', path: '/overview', tags: ['console'] }).output(
      z.object({
        counts: z.record(z.string(), z.int()),
        oldestReviewAt: Time.nullable(),
        providers: z.array(
          z.object({ organization: z.string(), name: z.string(), displayName: z.string(), health: ProviderHealth }),
        ),
        setUp: z.array(z.object({ key: z.string(), done: z.boolean() })),
        demonstration: z.boolean(),
      }),
    ),
  },
}
