import { SettingError } from '@veridoor/foundation'

/** Whom a budget is counted for. An address is counted by its IPv6 /64 (`networkKey`). */
export type BudgetScope =
  | 'total'
  | 'organization'
  | 'application'
  | 'provider'
  | 'endpoint'
  | 'member'
  | 'address'
  | 'recipient'

/** At most this many at one time in this process; `queue` more may wait, for at most `waitMs`. */
export type InFlightBudget = {
  readonly kind: 'in_flight'
  readonly scopes: Readonly<Partial<Record<BudgetScope, number>>>
  readonly queue: number
  readonly waitMs: number
}

/** At most this many units in a window, counted in the database for all nodes together. */
export type WindowBudget = {
  readonly kind: 'window'
  readonly unit: 'count' | 'bytes'
  readonly windowMs: number
  readonly scopes: Readonly<Partial<Record<BudgetScope, number>>>
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/**
 * What one tenant, member or stranger may use up before the others notice. Each is high enough for ordinary use and low enough
 * that it alone cannot slow anybody else; an operator changes them with `VERIDOOR_BUDGETS`.
 */
export const defaultBudgets = {
  /** Verifications that are started: each may cost money at the provider. */
  starts: {
    kind: 'window',
    unit: 'count',
    windowMs: DAY_MS,
    scopes: { address: 60, application: 2_000, organization: 5_000 },
  },
  /** Findings that are fetched from providers. */
  settles: { kind: 'in_flight', scopes: { provider: 4, organization: 6, total: 16 }, queue: 0, waitMs: 0 },
  /** Webhooks that are sent. */
  webhooks: { kind: 'in_flight', scopes: { endpoint: 4, organization: 8, total: 40 }, queue: 0, waitMs: 0 },
  /** Test webhooks and repeated deliveries that an administrator asks for. */
  webhook_tests: {
    kind: 'window',
    unit: 'count',
    windowMs: HOUR_MS,
    scopes: { endpoint: 30, organization: 100 },
  },
  /** Passwords that are hashed with argon2id: 19 MiB and tens of milliseconds each. */
  hashing: { kind: 'in_flight', scopes: { total: 4 }, queue: 64, waitMs: 10_000 },
  /** Audit lines that a member causes on their own account: lines are never deleted. */
  audit_lines: { kind: 'window', unit: 'count', windowMs: 10 * MINUTE_MS, scopes: { member: 100 } },
  /** Messages that are sent to people. */
  mail: { kind: 'window', unit: 'count', windowMs: HOUR_MS, scopes: { recipient: 20, organization: 2_000 } },
  /** Bytes that members store in free-form fields. */
  storage: {
    kind: 'window',
    unit: 'bytes',
    windowMs: DAY_MS,
    scopes: { member: 1_000_000, organization: 500_000_000 },
  },
  /** Pushed authorization requests (RFC 9126) and authorization requests. */
  pushed_requests: {
    kind: 'window',
    unit: 'count',
    windowMs: MINUTE_MS,
    scopes: { address: 120, application: 1_200 },
  },
} as const satisfies Record<string, InFlightBudget | WindowBudget>

export type BudgetName = keyof typeof defaultBudgets
type Kind<K> = { [N in BudgetName]: (typeof defaultBudgets)[N]['kind'] extends K ? N : never }[BudgetName]
export type InFlightName = Kind<'in_flight'>
export type WindowName = Kind<'window'>
export type BudgetTable = Readonly<Record<InFlightName, InFlightBudget> & Record<WindowName, WindowBudget>>

/**
 * `VERIDOOR_BUDGETS`: `starts.address=100, webhooks.total=60`. What is left out has its default.
 * @throws {SettingError} for an unknown budget or scope, or anything but a whole number from 1 on
 */
export const readBudgets = (text: string | undefined): BudgetTable => {
  const table: Record<string, InFlightBudget | WindowBudget> = { ...defaultBudgets }
  const entries = (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  for (const entry of entries) {
    const [, name = '', scope = '', value = ''] = /^(\w+)\.(\w+)\s*=\s*(\d{1,9})$/.exec(entry) ?? []
    const budget = Object.hasOwn(table, name) ? table[name] : undefined
    const limit = Number(value)
    if (!budget || !Object.hasOwn(budget.scopes, scope) || limit < 1)
      throw new SettingError(
        'VERIDOOR_BUDGETS',
        'VERIDOOR_BUDGETS must be entries like starts.address=100, separated by commas.',
      )
    table[name] = { ...budget, scopes: { ...budget.scopes, [scope]: limit } }
  }
  return table as BudgetTable
}
