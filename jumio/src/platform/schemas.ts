import { z } from 'zod'
import { UserConsent } from '../user-consent.ts'
import { KeptText, OptionalText, PageAddress, Text } from '../values.ts'

/** The wire of the Platform (section 4), without the result, which `details.ts` holds. */

/** Where a transaction stands (section 4.1); the last three are final. */
export const executionStatuses = ['INITIATED', 'ACQUIRED', 'PROCESSED', 'SESSION_EXPIRED', 'TOKEN_EXPIRED'] as const
export type ExecutionStatus = (typeof executionStatuses)[number]

/** Ids become path segments: nothing else may pass as one. */
const Id = z.string().regex(/^[\w-]{1,100}$/)
const Alpha3 = z.string().regex(/^[A-Z]{3}$/)
/** No personal data, and none of the characters that the guides refuse (section 4.4). */
const Reference = KeptText.min(1)
  .max(100)
  .regex(/^[^<>"/;`%{}|]*$/)

/** An OAuth token (section 4.2). `expires_in`: seconds, an hour when it is not said. */
export const TokenResponse = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().default(3600),
  token_type: OptionalText,
})

const Choice = <T extends z.ZodType>(value: T) =>
  z.object({ predefinedType: z.enum(['DEFINED', 'RECOMMENDED']).optional(), values: z.array(value).min(1).max(300) })

/** A credential that a transaction asks for (section 4.4). */
export const CredentialRequest = z.object({
  /** Reuses a credential that is stored already. */
  id: Id.optional(),
  category: z.enum(['ID', 'FACEMAP', 'SELFIE', 'DOCUMENT', 'DATA']),
  label: KeptText.max(100).optional(),
  /** Honoured on the web only when exactly one country and one type are given. */
  country: Choice(Alpha3).optional(),
  type: Choice(z.string().regex(/^[A-Z_]{1,40}$/)).optional(),
})
export type CredentialRequest = z.infer<typeof CredentialRequest>

/** `600s`, `30m`, `12h`, `60d`: five minutes to sixty days. */
const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 }
const Lifetime = z.string().refine((text) => {
  const [, count, unit] = /^\+?(\d{1,7})([smhd])$/.exec(text) ?? []
  const seconds = Number(count) * (units[unit ?? ''] ?? Number.NaN)
  return seconds >= 300 && seconds <= 60 * 86_400
})

/** Opens a transaction, of a new person or of a known one (section 4.4). */
export const AccountRequest = z.object({
  customerInternalReference: Reference,
  workflowDefinition: z.object({
    key: z.union([z.int().positive(), z.string().regex(/^\d{1,6}$/)]),
    credentials: z.array(CredentialRequest).max(20).optional(),
    capabilities: z.record(z.string(), z.unknown()).optional(),
  }),
  userReference: Reference.optional(),
  reportingCriteria: KeptText.min(1).max(255).optional(),
  callbackUrl: z.string().min(1).max(255).optional(),
  tokenLifetime: Lifetime.optional(),
  /** The addresses live here, not at the top. */
  web: z
    .object({
      successUrl: z.string().max(255).optional(),
      errorUrl: z.string().max(255).optional(),
      locale: z.string().max(5).optional(),
    })
    .optional(),
  userConsent: UserConsent.optional(),
})
export type AccountRequest = z.infer<typeof AccountRequest>
/** As a server takes it: references of any shape, as the real service does. */
export const ReceivedAccountRequest = AccountRequest.extend({
  customerInternalReference: KeptText.min(1).max(100),
  userReference: KeptText.min(1).max(100).optional(),
})

const Api = z.object({
  token: OptionalText,
  parts: z.record(z.string(), z.string()).optional(),
  workflowExecution: OptionalText,
})

/** A transaction that was opened (section 4.6). */
export const AccountResponse = z.object({
  timestamp: OptionalText,
  account: z.object({ id: Id }),
  /** Absent for workflows without the web channel. */
  web: z.object({ href: PageAddress, successUrl: OptionalText, errorUrl: OptionalText }).nullish(),
  sdk: z.object({ token: OptionalText }).nullish(),
  workflowExecution: z.object({
    id: Id,
    credentials: z
      .array(
        z.object({
          id: Id,
          category: z.string(),
          label: OptionalText,
          country: z.unknown().optional(),
          type: z.unknown().optional(),
          allowedChannels: z.array(z.string()).nullish(),
          api: Api.nullish(),
        }),
      )
      .nullish()
      .transform((list) => list ?? []),
  }),
})
export type AccountResponse = z.infer<typeof AccountResponse>

/** The answer to a part that was sent (section 4.7), and to the end of sending (section 4.8). */
export const UploadResponse = z.object({
  timestamp: OptionalText,
  account: z.object({ id: Id }),
  workflowExecution: z.object({ id: Id }),
  api: Api.nullish(),
})
export type UploadResponse = z.infer<typeof UploadResponse>

/** `href` may be missing or of either form; it is never followed, so it is not read. */
export const ExecutionStatusResponse = z.object({
  account: z.object({ id: Id }),
  workflowExecution: z.object({ id: Id, definitionKey: Text.optional(), status: OptionalText }),
})
export type ExecutionStatusResponse = z.infer<typeof ExecutionStatusResponse>

/** What a callback says (section 4.10). */
export const PlatformCallbackBody = ExecutionStatusResponse.extend({
  callbackSentAt: OptionalText,
  userReference: OptionalText,
})

/** How the service is (section 4.14): `UP`, `DEGRADED` or `DOWN`. */
export const HealthResponse = z.object({
  status: z.string(),
  /** Only the parts in trouble. */
  details: z
    .record(z.string(), z.string())
    .nullish()
    .transform((parts) => parts ?? {}),
})
export type HealthResponse = z.infer<typeof HealthResponse>

/** Problem shape of 401 (retrieval) and 429 (accounts); elsewhere assumed (section 4.18). Note the number. */
export const ProblemBody = z.object({ title: z.string(), status: z.number(), detail: OptionalText })
