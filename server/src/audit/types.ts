import type { auditLines } from './schema.ts'

/** What happened. Names of accounts and objects, known words and opaque ids; never a secret or a document number. */
export type AuditEntry = {
  readonly organization: string
  /** `org/name` of a person, `app/<name>`, `operator` for commands on the machine, or `system`. */
  readonly actor: string
  readonly action: string
  readonly target: string
  readonly provider?: string | null
  readonly reference?: string | null
  readonly before?: string | null
  readonly after?: string | null
  readonly reasons?: readonly string[]
  readonly result?: 'ok' | 'refused' | 'failed'
  readonly address?: string
}

/** A line as it is stored, with its place in the chain of its organization. */
export type AuditLine = typeof auditLines.$inferSelect
/** Where a chain stood: number and hash of its last line. */
export type Head = { readonly organization: string; readonly number: number; readonly hash: string }
