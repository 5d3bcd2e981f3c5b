import { z } from 'zod'
import type { Session } from '../../session/schema.ts'

/** A credential as the client asked for it: `label`, `country` and `type` are the client's own words and go back as they came. */
const Credential = z.object({
  id: z.string(),
  type: z.unknown().optional(),
  label: z.string().optional(),
  country: z.unknown().optional(),
  category: z.enum(['ID', 'SELFIE', 'FACEMAP', 'DATA']),
})
export type PlatformCredential = z.infer<typeof Credential>

/** The words of a decision (section 4.17): no fact about the person. */
export const Decision = z.object({
  risk: z.object({ score: z.number() }),
  type: z.string(),
  details: z.object({ label: z.string() }),
})
export type Decision = z.infer<typeof Decision>

/** What the Platform remembers about a session. */
const PlatformState = z.object({
  /** Key of the workflow. */
  key: z.string(),
  credentials: z.array(Credential),
  /** The caller said that the person agreed, which pictures by API need. */
  hasConsent: z.boolean(),
  /** What is still told after the data were erased. */
  kept: z.object({ decision: Decision.nullable() }).optional(),
})
export type PlatformState = z.infer<typeof PlatformState>

/** A session of the Platform, with its account and its state. */
export type PlatformSession = Session & { readonly account: string; readonly platform: PlatformState }

/** The session with its Platform state; undefined for a session of the other API. */
export const asPlatform = (session: Session): PlatformSession | undefined =>
  session.generation === 'platform' && session.account
    ? { ...session, account: session.account, platform: PlatformState.parse(session.wireState) }
    : undefined
