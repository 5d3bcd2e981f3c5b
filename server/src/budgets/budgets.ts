import { ApiError } from '@veridoor/contract'
import {
  type Clock,
  Counter,
  countRate,
  type Executor,
  Gauge,
  type Log,
  networkKey,
  type Registry,
  silentLog,
} from '@veridoor/foundation'
import {
  type BudgetName,
  type BudgetScope,
  type BudgetTable,
  defaultBudgets,
  type InFlightName,
  type WindowName,
} from './limits.ts'
import { createSlots, type Slots } from './slots.ts'

/** Whom the work is for: one value for each scope that the caller knows. A scope that is left out is not counted. */
export type BudgetHolders = Readonly<Partial<Record<Exclude<BudgetScope, 'total'>, string>>>

/** One budget under one scope, as the console shows it. */
export type BudgetState = {
  readonly budget: BudgetName
  readonly scope: BudgetScope
  readonly kind: 'in_flight' | 'window'
  readonly unit: 'count' | 'bytes'
  readonly limit: number
  /** Length of the window in seconds; null for work in flight. */
  readonly windowSec: number | null
  /** In flight: how much runs now in this process. Window: the most that one holder used lately, as this process saw it. */
  readonly used: number
  /** How often this process refused since it started. */
  readonly refused: number
  readonly lastRefusedAt: Date | null
}

/** The bulkheads of this server. Every kind of work that can slow others asks here first. */
export type Budgets = {
  /**
   * Counts units of a window budget for every holder given.
   * @throws {ApiError} TOO_MANY_REQUESTS with the seconds to wait
   */
  spend(ex: Executor, name: WindowName, holders: BudgetHolders, units?: number): Promise<void>
  /** Takes a slot for work in flight. Never waits. @returns what gives it back, or undefined when a scope is used up */
  tryAcquire(name: InFlightName, holders: BudgetHolders): (() => void) | undefined
  /**
   * Runs work in a slot, and waits for one in a queue of bounded length.
   * @throws {ApiError} BUSY with the seconds to wait, when the queue is full or the wait is too long
   */
  run<T>(name: InFlightName, holders: BudgetHolders, work: () => Promise<T>): Promise<T>
  /** The limit of a budget under one scope; undefined where it has none. */
  limitOf(name: BudgetName, scope: BudgetScope): number | undefined
  list(): readonly BudgetState[]
}

/** The table of the server's schema in which windows are counted. */
export const RATE_SCHEMA = 'veridoor'
/** A budget that stays used up is reported once in this time, not with every refusal. */
const ALARM_MS = 60_000
const BUSY_RETRY_SEC = 2

type Deps = {
  readonly clock: Clock
  readonly log?: Log
  readonly registry?: Registry
  readonly table?: BudgetTable
  /** Told at most once a minute for each budget and scope that refuses. */
  readonly onAlarm?: (alarm: { budget: BudgetName; scope: BudgetScope }) => void
}

type Tally = { used: number; usedAt: number; refused: number; lastRefusedAt: Date | null; alarmedAt: number }

/** Budgets of one process: windows are counted in the database, work in flight in memory. */
export const createBudgets = (deps: Deps): Budgets => {
  const table: BudgetTable = deps.table ?? (defaultBudgets as BudgetTable)
  const log = deps.log ?? silentLog
  const tallies = new Map<string, Tally>()
  const slots = new Map<BudgetName, Slots>()
  const registers = deps.registry ? [deps.registry] : []
  const refusals = new Counter({
    name: 'veridoor_budget_refused_total',
    help: 'Work that a budget refused',
    labelNames: ['budget', 'scope'],
    registers,
  })
  new Gauge({
    name: 'veridoor_budget_in_flight',
    help: 'Work in flight in this process',
    labelNames: ['budget'],
    registers,
    collect() {
      for (const [name, own] of slots) this.labels(name).set(own.taken)
    },
  })

  const tallyOf = (name: BudgetName, scope: BudgetScope): Tally => {
    const key = `${name}.${scope}`
    const known = tallies.get(key) ?? { used: 0, usedAt: 0, refused: 0, lastRefusedAt: null, alarmedAt: 0 }
    tallies.set(key, known)
    return known
  }
  const refuse = (name: BudgetName, scope: BudgetScope, holders: BudgetHolders): void => {
    const tally = tallyOf(name, scope)
    const at = deps.clock.now()
    tally.refused += 1
    tally.lastRefusedAt = at
    refusals.labels(name, scope).inc()
    if (at.getTime() - tally.alarmedAt < ALARM_MS) return
    tally.alarmedAt = at.getTime()
    log.warn('budget.exhausted', {
      code: `${name}.${scope}`,
      ...(holders.organization === undefined ? {} : { organization: holders.organization }),
    })
    deps.onAlarm?.({ budget: name, scope })
  }
  const slotsOf = (name: InFlightName): Slots => {
    const known = slots.get(name) ?? createSlots(table[name])
    slots.set(name, known)
    return known
  }
  const keysOf = (name: InFlightName, holders: BudgetHolders): Map<string, number> => {
    const keys = new Map<string, number>()
    for (const [scope, limit] of Object.entries(table[name].scopes) as [BudgetScope, number][]) {
      const holder = scope === 'total' ? '' : holderOf(holders, scope)
      if (holder !== undefined) keys.set(`${scope}:${holder}`, limit)
    }
    return keys
  }
  const scopeOfKey = (key: string): BudgetScope => key.slice(0, key.indexOf(':')) as BudgetScope

  return {
    async spend(ex, name, holders, units = 1) {
      const { scopes, windowMs } = table[name]
      const at = deps.clock.now()
      for (const [scope, limit] of Object.entries(scopes) as [BudgetScope, number][]) {
        const holder = scope === 'total' ? '' : holderOf(holders, scope)
        if (holder === undefined) continue
        const state = await countRate(
          ex,
          RATE_SCHEMA,
          `budget:${name}:${scope}:${holder}`,
          { limit, windowMs },
          at,
          units,
        )
        const tally = tallyOf(name, scope)
        if (state.count >= tally.used || at.getTime() - tally.usedAt > windowMs) {
          tally.used = state.count
          tally.usedAt = at.getTime()
        }
        if (state.retryAfterSec === null) continue
        refuse(name, scope, holders)
        throw new ApiError('TOO_MANY_REQUESTS', { reason: 'slow_down', values: { seconds: state.retryAfterSec } })
      }
    },
    tryAcquire(name, holders) {
      const got = slotsOf(name).tryAcquire(keysOf(name, holders))
      if (typeof got === 'function') return got
      refuse(name, scopeOfKey(got.exhausted), holders)
      return undefined
    },
    async run(name, holders, work) {
      const release = await slotsOf(name).acquire(keysOf(name, holders))
      if (!release) {
        refuse(name, 'total', holders)
        throw new ApiError('BUSY', { reason: 'slow_down', values: { seconds: BUSY_RETRY_SEC } })
      }
      try {
        return await work()
      } finally {
        release()
      }
    },
    limitOf: (name, scope) => (table[name].scopes as Partial<Record<BudgetScope, number>>)[scope],
    list: () =>
      (Object.keys(table) as BudgetName[]).flatMap((budget) => {
        const own = table[budget]
        return (Object.entries(own.scopes) as [BudgetScope, number][]).map(([scope, limit]) => {
          const tally = tallies.get(`${budget}.${scope}`)
          return {
            budget,
            scope,
            kind: own.kind,
            unit: own.kind === 'window' ? own.unit : 'count',
            limit,
            windowSec: own.kind === 'window' ? own.windowMs / 1000 : null,
            used: own.kind === 'window' ? (tally?.used ?? 0) : (slots.get(budget)?.taken ?? 0),
            refused: tally?.refused ?? 0,
            lastRefusedAt: tally?.lastRefusedAt ?? null,
          }
        })
      }),
  }
}

const holderOf = (holders: BudgetHolders, scope: BudgetScope): string | undefined => {
  const holder = scope === 'total' ? '' : holders[scope]
  return scope === 'address' && holder !== undefined ? networkKey(holder) : holder
}
