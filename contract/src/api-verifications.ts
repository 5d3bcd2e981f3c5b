import { z } from 'zod'
import { base, Id, listOf, Name, Page, Time } from './api-base.ts'
import { VerificationState } from './states.ts'
import { FreeText } from './text/fields.ts'

/** A reason as the person sees it: the key of `sentences`, and the values its text needs. */
export const ReasonView = z.object({
  code: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})

/**
 * Of the provider when it was decided: `installation` where the installation had approved it, `organization` where only the
 * organization chose it; null before a decision.
 */
const Trust = z.enum(['installation', 'organization']).nullable()

export const VerificationView = z.object({
  id: Id,
  /** Short, shared by person, support and staff: `VD-7KQ2-M4XR`. */
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

const TimelineLine = z.object({
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
  trust: Trust,
  application: z.string(),
  startedBy: z.string(),
  providerReference: z.string().nullable(),
  checks: z.array(z.object({ check: z.string(), result: z.string() })),
  comparison: z.array(ComparisonRow),
  staffReasons: z.array(z.string()),
  timeline: z.array(TimelineLine),
  reviewedBy: z.string().nullable(),
  /** Why the reviewer decided so, and what they noted for staff. */
  reviewReason: z.string().nullable(),
  reviewNote: z.string().nullable(),
  /** While a person decides: the name that an approval seals. */
  nameToSeal: z.string().nullable(),
  /** The operator lets reviewers look at the pictures that the provider still has. */
  canShowPictures: z.boolean(),
})
/** What the page with an embedded check loads and passes on. For the person only. */
const EmbeddedCheck = z.object({
  /** The provider's own script. */
  script: z.string(),
  /** A module of this server that hands the token to that script. */
  module: z.string(),
  token: z.string(),
  options: z.record(z.string(), z.string()),
})
/** Why someone looked at the pictures of a check; recorded with the look. */
const lookReasons = ['review', 'complaint', 'fraud_case', 'quality'] as const
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
  trust: Trust,
  reasons: z.array(ReasonView),
  createdAt: Time,
  endedAt: Time.nullable(),
})

/** Checks of people: started, followed, decided. */
export const verifications = {
  start: base
    .route({
      method: 'POST',
      path: '/verifications',
      summary: 'Starts a check.',
      successStatus: 201,
      tags: ['verifications'],
    })
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
    .route({ method: 'GET', path: '/verifications', summary: 'Lists checks, newest first.', tags: ['verifications'] })
    .input(
      z.object({
        ...Page,
        organization: Name.optional(),
        state: VerificationState.optional(),
        user: Name.optional(),
        /** Test verifications only, or without them; left out: both. */
        isTest: z.boolean().optional(),
        /** A reference (`VD-7KQ2-M4`) or its beginning, with or without hyphens, in any case. */
        reference: z.string().trim().max(40).optional(),
        /** `organization/name` of a provider. */
        provider: z
          .string()
          .max(201)
          .regex(/^[^/]+\/[^/]+$/, 'Provider must be organization/name.')
          .optional(),
        application: Name.optional(),
        /** Started at this time or later. */
        from: Time.optional(),
        /** Started before this time. */
        until: Time.optional(),
      }),
    )
    .output(listOf(VerificationRow)),
  read: base
    .route({
      method: 'GET',
      path: '/verifications/{id}',
      summary: 'Reads a check, by its id or its reference, with its comparison and history.',
      tags: ['verifications'],
    })
    .input(z.object({ id: Id }))
    .output(VerificationDetail),
  /** State only, by id, for the person; what the return page polls. */
  state: base
    .route({
      method: 'GET',
      path: '/verifications/{id}/state',
      summary: 'Reads the state of a check.',
      tags: ['verifications'],
    })
    .input(z.object({ id: Id }))
    .output(VerificationView),
  /** How the person goes on with a check that is embedded in our page. */
  embed: base
    .route({
      method: 'GET',
      path: '/verifications/{id}/embed',
      summary: 'Reads how the person goes on with a check inside your own page.',
      tags: ['verifications'],
    })
    .input(z.object({ id: Id }))
    .output(EmbeddedCheck),
  cancel: base
    .route({ method: 'POST', path: '/verifications/{id}/cancel', summary: 'Cancels a check.', tags: ['verifications'] })
    .input(z.object({ id: Id }))
    .output(VerificationView),
  /** Staff look at the pictures, for a reason that is recorded. Nothing keeps them on this side. */
  pictures: base
    .route({
      method: 'POST',
      path: '/verifications/{id}/pictures',
      summary: 'Shows the pictures of a check. The audit records who looked and why.',
      tags: ['verifications'],
    })
    .input(LookAtPictures)
    .output(Pictures),
  review: base
    .route({
      method: 'POST',
      path: '/verifications/{id}/review',
      summary: 'Approves or rejects a check in review.',
      tags: ['verifications'],
    })
    .input(
      z.object({
        id: Id,
        decision: z.enum(['approve', 'reject']),
        reason: FreeText(200).min(1),
        note: FreeText(2000).default(''),
      }),
    )
    .output(VerificationDetail),
}
