import type { DocumentType, SentenceCode } from '@veridoor/contract'
import type { z } from 'zod'

/**
 * The port between Veridoor and whoever checks documents: five verbs that every type has, and one that some have. Start and
 * result are apart, because they are far apart in time, a notice is only a doorbell (it may be forged, doubled, late or lost),
 * and a result is always fetched with our own credentials at an address that we build ourselves.
 */
export type Adapter = {
  /** Opens a check and says where to send the person. The order holds no personal data: ids are random. */
  start(order: Order): Promise<Started>
  /** Which reference a notice is about, or null when it is none of this provider's. Never a verdict. */
  readNotice(notice: Notice): NoticeRead | null
  /** Pending, or what was found. `reference` is the one that `start` gave. */
  fetchFinding(reference: string): Promise<Finding>
  /**
   * The pictures of a check, straight from the provider, for a reviewer to look at; nothing keeps them. Types that cannot show any
   * leave it out, and it is called only where the operator switched it on.
   */
  fetchPictures?(reference: string): Promise<readonly Picture[]>
  /** The provider forgets the person. Safe to repeat: "gone already" is success. */
  erase(reference: string): Promise<void>
  /** Do these settings work? Creates no transaction. */
  probe(): Promise<Probe>
}

/** What a check is opened with. The person returns to one of the first two addresses, notices go to the third. */
export type Order = {
  /** Random; names this verification to the provider. */
  readonly verificationReference: string
  /** Random; names this person to the provider, the same for all their verifications. */
  readonly subjectReference: string
  readonly documentType: DocumentType
  /** ISO 3166-1 alpha-3, when the person said it. */
  readonly country: string | null
  readonly successUrl: string
  readonly errorUrl: string
  readonly noticeUrl: string
}

/** A check that was opened. After `expiresAt` nobody can begin it any more. */
export type Started = {
  /** Opaque to everyone but this provider type. */
  readonly reference: string
  /** A bearer secret: never logged, never kept past the check. */
  readonly redirectUrl: string
  readonly expiresAt: Date
}

/** What came at the address for notices, as it came; anybody may have sent it. */
export type Notice = {
  readonly contentType: string
  readonly body: Uint8Array
  /** The peer's address, read behind trusted proxies only; left out where nobody knows it. */
  readonly address?: string | undefined
}
/** All that a notice is believed: which check to ask about. */
export type NoticeRead = { readonly reference: string }

/** What a check came to (contract section 5). `review`: a person decides; it is never an approval. */
export type Outcome = 'approved' | 'rejected' | 'retry' | 'expired' | 'review' | 'pending'
/** How one check of a provider ended. `not_assessed`: it was not made, or says nothing. */
export type CheckResult = 'pass' | 'fail' | 'unclear' | 'not_assessed'

/** What the document says. Absent where the provider gave nothing, or only a placeholder. */
export type DocumentFound = {
  readonly type?: string
  readonly country?: string
  readonly number?: string
  readonly firstName?: string
  readonly lastName?: string
  /** `YYYY-MM-DD`; only when day, month and year are all known. */
  readonly dateOfBirth?: string
  readonly expiry?: string
}

/** A sentence for the person, by its code, and what its placeholders stand for. */
export type Reason = { readonly code: SentenceCode; readonly values: Readonly<Record<string, string | number>> }

/** What a provider says of a check: not decided yet, or its result. */
export type Finding =
  | { readonly state: 'pending' }
  | {
      readonly state: 'final'
      /** Before the claim is compared: `approved` means that the document and face checks passed, no more. */
      readonly outcome: Exclude<Outcome, 'pending'>
      /** True when nothing was ever sent, so that no try was used up. */
      readonly nothingSent: boolean
      readonly reasons: readonly Reason[]
      /** The provider's own codes, for staff. Known words and numbers only, no values of the person. */
      readonly staffReasons: readonly string[]
      readonly checks: Readonly<Record<'document' | 'readable' | 'face' | 'liveness', CheckResult>>
      readonly document: DocumentFound
      /** The document said of itself that it is a specimen; counts in demonstration mode only. */
      readonly specimen: boolean
      /** The ids of the order, as the provider gives them back: they must equal what was stored. */
      readonly echoed: { readonly verificationReference: string | null; readonly subjectReference: string | null }
    }

/** What a provider can show of a check, in the order in which adapters give it. */
export const pictureSides = ['front', 'back', 'face'] as const
/** A picture as the provider keeps it. */
export type Picture = {
  readonly side: (typeof pictureSides)[number]
  readonly contentType: 'image/jpeg' | 'image/png'
  readonly bytes: Uint8Array
}

/** One question of a probe. `ms` is null where nothing was timed, `code` where nothing failed. */
export type ProbeStep = {
  readonly step: 'address' | 'certificate' | 'credentials' | 'quota' | 'clock'
  readonly title: string
  readonly state: 'ok' | 'failed' | 'skipped'
  readonly ms: number | null
  readonly code: string | null
  readonly sentence: string
}
/** Whether settings work. `ms`: milliseconds that it took. */
export type Probe = { readonly ok: boolean; readonly ms: number; readonly steps: readonly ProbeStep[] }

/** How a call can fail, in the port's words. */
export const providerFaults = [
  'unreachable',
  'timeout',
  'tls',
  'credentials_refused',
  'forbidden',
  'rate_limited',
  'not_found',
  'bad_request',
  'bad_response',
  'server_error',
  'address_not_allowed',
] as const
export type ProviderFault = (typeof providerFaults)[number]

/** Someone else failed. Says whether trying again helps, and never quotes what came over the wire. */
export class ProviderError extends Error {
  readonly fault: ProviderFault
  readonly retryable: boolean
  readonly retryAfterMs: number | null
  constructor(fault: ProviderFault, detail: { retryable: boolean; retryAfterMs?: number | null; cause?: unknown }) {
    super(`provider: ${fault}`, { cause: detail.cause })
    this.name = 'ProviderError'
    this.fault = fault
    this.retryable = detail.retryable
    this.retryAfterMs = detail.retryAfterMs ?? null
  }
}

/** What every adapter is opened with: the world outside comes from the caller. */
export type Runtime = {
  readonly fetch: typeof fetch
  readonly now: () => Date
  /** Milliseconds one call may take; the type's own choice when left out. */
  readonly timeoutMs?: number
  /** Waits between tries of a safe call; replaced in tests. */
  readonly sleep?: (ms: number) => Promise<void>
}

/** Settings that every type of the category shares, under these names. */
export type CommonSettings = {
  readonly faceRequired: boolean
  /** Calls a month at most; null without a limit. */
  readonly monthlyLimit: number | null
  /** Days after the end of a check when the provider is told to forget it; null for the provider's own rule. */
  readonly retentionDays: number | null
  readonly documentTypes: readonly DocumentType[]
  readonly countries: readonly string[]
  readonly tokenLifetimeMin: number
  /** Without a passed liveness check a person decides. Left out: yes. False only where the operator accepts what that means. */
  readonly livenessRequired?: boolean
  /** Reviewers may look at pictures; never fetched otherwise. */
  readonly showPictures?: boolean
}

/** A kind of provider: what it needs to know, and how it is opened. */
export type ProviderType = {
  readonly category: string
  readonly type: string
  readonly displayName: string
  /**
   * The configuration: field metadata (`title`, `description`, `secret`, `group`) draws the form and says what to seal;
   * `destination` marks what decides, besides addresses, where secrets are sent (see `destinationOf`).
   */
  readonly config: z.ZodObject
  /** @throws ZodError when `config` does not fit the schema */
  open(config: unknown, world: Runtime): { readonly adapter: Adapter; readonly settings: CommonSettings }
}

/** Ties the schema's type to `open`, so that a type's own code sees its own settings. */
export const defineProvider = <S extends z.ZodObject>(definition: {
  category: string
  type: string
  displayName: string
  config: S
  open(config: z.infer<S>, world: Runtime): { adapter: Adapter; settings: CommonSettings }
}): ProviderType => ({
  ...definition,
  open: (config, world) => definition.open(definition.config.parse(config), world),
})

/** Names of the fields whose metadata says `secret: true`. */
export const secretFields = (type: ProviderType): string[] =>
  Object.entries(type.config.shape)
    .filter(([, field]) => (field as z.ZodType).meta()?.secret === true)
    .map(([name]) => name)

const originOf = (value: unknown): string | null =>
  typeof value === 'string' && URL.canParse(value) ? new URL(value).origin : null

/**
 * Where secrets go with these settings: the origin of each address, and each choice marked `destination: true`, with defaults
 * where nothing is given. Settings that differ in it lead to another machine. An address that no call goes to is marked
 * `destination: false`.
 */
export const destinationOf = (type: ProviderType, config: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(type.config.shape).flatMap(([name, field]) => {
    const schema = field as z.ZodType
    const marked = schema.meta()?.destination
    const value = schema.safeParse(config[name]).data ?? config[name]
    const origin = originOf(value)
    if (marked === false || (marked !== true && origin === null)) return []
    return [`${name} ${origin ?? String(value)}`]
  })
