import type { DocumentType, SentenceCode } from '@veridoor/contract'
import type { z } from 'zod'

/**
 * The port between Veridoor and the services that check identities: five methods that every type has, and one that some have.
 * A webhook only says which check to ask about (it may be forged, repeated, late or lost). A result is always an answer to a call
 * that we made with our own credentials.
 */
export type Adapter = {
  /** Opens a check and says how the person goes on. */
  start(order: Order): Promise<Started>
  /**
   * Which check a webhook is about; never a verdict. `{ reference: null }`: authentic, but about nothing that we wait for. Null: it
   * cannot be read, or its signature does not hold.
   */
  readWebhook(webhook: IncomingWebhook): WebhookRead | null
  /** Pending, or the result. `reference` is the one that `start` gave. */
  fetchFinding(reference: string): Promise<Finding>
  /**
   * The pictures of a check, straight from the provider, for a reviewer to look at. They are not stored. Types that cannot show
   * pictures leave it out, and it is called only where the operator switched it on.
   */
  fetchPictures?(reference: string): Promise<readonly Picture[]>
  /** The provider deletes what it has of the person. Safe to repeat: "already deleted" is success. */
  erase(reference: string): Promise<void>
  /** Tests the settings. Creates no transaction. */
  probe(): Promise<Probe>
}

/** What the person wrote about themself. */
export type OrderClaim = {
  readonly realName: string
  readonly number: string
  readonly type: string
  readonly country: string
}
/** What the browser that started the check tells of itself. Empty where it is not known. */
export type BrowserFields = { readonly address: string; readonly userAgent: string; readonly language: string }
/** Names of the members of `BrowserFields`. */
export const browserFields = ['address', 'userAgent', 'language'] as const satisfies readonly (keyof BrowserFields)[]

/**
 * What a check is opened with. It holds no personal data: the references are random. A type that needs more declares it
 * (`ProviderType.needs`); only then `claim` or `browser` is there.
 */
export type Order = {
  /** Random; names this verification to the provider. */
  readonly verificationReference: string
  /** Random; names this person to the provider, the same for all their verifications. */
  readonly subjectReference: string
  readonly documentType: DocumentType
  /** ISO 3166-1 alpha-3, when the person said it. */
  readonly country: string | null
  /** The person returns to one of these two addresses. */
  readonly successUrl: string
  readonly errorUrl: string
  /** Where webhooks about this check go, for types that register an address with each check. */
  readonly webhookUrl: string
  /** Given only to types with `needs.claim`. */
  readonly claim?: OrderClaim
  /** Given only to types with `needs.browser`, and only the fields that it names. */
  readonly browser?: Partial<BrowserFields>
}

/**
 * How the person goes on. `redirect`: to the provider's page. `embed`: the provider's own script runs on our page and is given the
 * token. `done`: the provider answered at once; the finding takes the same path as one that is fetched later.
 */
export type NextStep =
  /** `url` is a bearer secret: never logged, deleted when the check ends. */
  | { readonly next: 'redirect'; readonly url: string }
  /** `script` has one of the type's `origins.script`; `token` is a bearer secret like `url`. `options` are public settings. */
  | {
      readonly next: 'embed'
      readonly script: string
      readonly token: string
      readonly options: Readonly<Record<string, string>>
    }
  | { readonly next: 'done'; readonly finding: FinalFinding }

/** A check that was opened. After `expiresAt` it cannot be begun any more. */
export type Started = {
  /** Opaque to everyone but this provider type. */
  readonly reference: string
  readonly expiresAt: Date
} & NextStep

/** A request at the address for webhooks, as it came; anybody may have sent it. */
export type IncomingWebhook = {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The raw bytes: signatures cover them. */
  readonly body: Uint8Array
  /** The peer's address, behind trusted proxies only; left out where it is not known. */
  readonly address?: string | undefined
}
/** All that a webhook is believed: which check to ask about. */
export type WebhookRead = { readonly reference: string | null }

/** The media type of a webhook in lower case and without parameters (RFC 9110, 8.3.1); empty where there is none. */
export const mediaTypeOf = ({ headers }: Pick<IncomingWebhook, 'headers'>): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

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

/** A sentence for the person, by its code, and the values of its placeholders. */
export type Reason = { readonly code: SentenceCode; readonly values: Readonly<Record<string, string | number>> }

/** A result that will not change by waiting. */
export type FinalFinding = {
  readonly state: 'final'
  /** Before the claim is compared: `approved` means that the document and face checks passed, no more. */
  readonly outcome: Exclude<Outcome, 'pending'>
  /** True when nothing was ever sent, so that no try was used up. */
  readonly nothingSent: boolean
  readonly reasons: readonly Reason[]
  /** The provider's own codes, for staff: known words and numbers only, no values of the person. `staffWords` explains them. */
  readonly staffReasons: readonly string[]
  readonly checks: Readonly<Record<'document' | 'readable' | 'face' | 'liveness', CheckResult>>
  readonly document: DocumentFound
  /** Version of the engine that read the pictures, where the provider says it. */
  readonly engineVersion?: string
  /** The document says of itself that it is a specimen; counts in demonstration mode only. */
  readonly specimen: boolean
  /** The ids of the order, as the provider gives them back: they must equal the stored ones. */
  readonly echoed: { readonly verificationReference: string | null; readonly subjectReference: string | null }
}

/** What a provider says of a check: not decided yet, or its result. */
export type Finding = { readonly state: 'pending' } | FinalFinding

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

/** What every adapter is opened with: clock and network come from the caller. */
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

/**
 * When to ask for a result that did not come by webhook, in seconds. After the person has finished: the gaps of `afterFinishSec`,
 * then once a day for `lateDays`. Before that: every `whileWaitingSec`. `graceSec` after the link's end the check is closed.
 */
export type PollSchedule = {
  readonly afterFinishSec: readonly number[]
  readonly lateDays: number
  readonly whileWaitingSec: number
  readonly graceSec: number
}

/** For types that document no schedule of their own. */
export const defaultSchedule: PollSchedule = {
  afterFinishSec: [15, 30, 60, 120, 240, 480, 960],
  lateDays: 3,
  whileWaitingSec: 120,
  graceSec: 1_200,
}

/** Origins that the page with an embedded check may load scripts from, show frames of, and call. */
export type EmbedOrigins = {
  readonly script: readonly string[]
  readonly frame: readonly string[]
  readonly connect: readonly string[]
}

/** The browser's part of an embedded check. */
export type Embed = {
  /** The only origins that the page with the check is opened for. Fixed by the type: settings cannot add a script. */
  readonly origins: EmbedOrigins
  /**
   * An ES module of this type, served to the page: its `run({ token, options })` hands the token to the provider's script, which the
   * page has loaded, and resolves when the person is done.
   */
  readonly module: URL
}

/** What a type is given besides random references. Each is shown in the console and recorded in the audit. */
export type Needs = {
  /** Name and document number leave this installation with the start. */
  readonly claim?: true
  readonly browser?: readonly (keyof BrowserFields)[]
}

/** What every type says of itself. */
type TypeFacts = {
  readonly category: string
  readonly type: string
  readonly displayName: string
  readonly needs?: Needs
  /** `per_check`: the webhook address goes with each order. `per_account`: one address, entered in the provider's dashboard. */
  readonly webhooks: 'per_check' | 'per_account' | 'none'
  readonly embed?: Embed
  /** `register`: it asks a register about name and number and sees no document. A document when left out. */
  readonly evidence?: 'document' | 'register'
  /** `defaultSchedule` when left out. */
  readonly schedule?: PollSchedule
  /** What the codes in `staffReasons` mean, for reviewers. A code of several parts (`a:b:c`) is found whole or by its last part. */
  readonly staffWords: Readonly<Record<string, string>>
}

/** A kind of provider: what it needs to know, and how it is opened. */
export type ProviderType = TypeFacts & {
  /**
   * The configuration: field metadata (`title`, `description`, `secret`, `group`) draws the form and says what to encrypt;
   * `destination` marks what decides, besides addresses, where secrets are sent (see `destinationOf`).
   */
  readonly config: z.ZodObject
  /** @throws ZodError when `config` does not fit the schema */
  open(config: unknown, runtime: Runtime): { readonly adapter: Adapter; readonly settings: CommonSettings }
}

/** Ties the schema's type to `open`, so that a type's own code sees its own settings. */
export const defineProvider = <S extends z.ZodObject>(
  definition: TypeFacts & {
    config: S
    open(config: z.infer<S>, runtime: Runtime): { adapter: Adapter; settings: CommonSettings }
  },
): ProviderType => ({
  ...definition,
  open: (config, runtime) => definition.open(definition.config.parse(config), runtime),
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

/** The words of a type for these codes: a code of several parts is found whole or by its last part. Unknown codes are left out. */
export const wordsOf = (
  type: Pick<ProviderType, 'staffWords'> | undefined,
  codes: readonly string[],
): Record<string, string> => {
  const words = new Map(Object.entries(type?.staffWords ?? {}))
  return Object.fromEntries(
    codes.flatMap((code) => {
      const found = words.get(code) ?? words.get(code.split(':').at(-1) ?? '')
      return found === undefined ? [] : [[code, found]]
    }),
  )
}
