import { fakeClock, SettingError } from '@veridoor/foundation'
import { describe, expect, it } from 'vitest'
import { createBudgets } from './budgets.ts'
import { type BudgetTable, defaultBudgets, readBudgets } from './limits.ts'
import { createSlots } from './slots.ts'

const clock = fakeClock(new Date('2026-11-24T10:00:00Z'))

describe('slots', () => {
  it('are taken under all keys or none, and given back once', () => {
    const slots = createSlots({ queue: 0, waitMs: 0 })
    const keys = new Map([
      ['endpoint:a', 1],
      ['organization:x', 2],
    ])
    const release = slots.tryAcquire(keys)
    expect(typeof release).toBe('function')
    expect(slots.tryAcquire(keys)).toEqual({ exhausted: 'endpoint:a' })
    const other = slots.tryAcquire(new Map([['organization:x', 2]]))
    expect(typeof other).toBe('function')
    expect(slots.tryAcquire(new Map([['organization:x', 2]]))).toEqual({ exhausted: 'organization:x' })
    if (typeof release === 'function') {
      release()
      release()
    }
    expect(slots.taken).toBe(1)
    expect(typeof slots.tryAcquire(keys)).toBe('function')
  })

  it('are waited for in order, no more than the queue is long, and not for ever', async () => {
    const slots = createSlots({ queue: 2, waitMs: 30 })
    const key = new Map([['total:', 1]])
    const first = await slots.acquire(key)
    const order: string[] = []
    const second = slots.acquire(key).then((release) => {
      order.push('second')
      return release
    })
    const third = slots.acquire(key).then((release) => {
      order.push('third')
      return release
    })
    expect(await slots.acquire(key)).toBeUndefined()
    first?.()
    ;(await second)?.()
    ;(await third)?.()
    expect(order).toEqual(['second', 'third'])
    const held = await slots.acquire(key)
    expect(await slots.acquire(key)).toBeUndefined()
    held?.()
    expect(slots.taken).toBe(0)
    expect(slots.waiting).toBe(0)
  })

  it('one holder that is used up does not hold up others in the queue', async () => {
    const slots = createSlots({ queue: 5, waitMs: 1_000 })
    const a = new Map([['organization:a', 1]])
    const b = new Map([['organization:b', 1]])
    const held = [await slots.acquire(a), await slots.acquire(b)]
    const waitsForA = slots.acquire(a)
    const waitsForB = slots.acquire(b)
    held[1]?.()
    expect(await waitsForB).toBeTypeOf('function')
    held[0]?.()
    expect(await waitsForA).toBeTypeOf('function')
  })
})

describe('budgets', () => {
  it('count what they refuse and raise one alarm a minute', () => {
    const alarms: string[] = []
    const table: BudgetTable = {
      ...(defaultBudgets as BudgetTable),
      webhooks: { kind: 'in_flight', scopes: { endpoint: 1 }, queue: 0, waitMs: 0 },
    }
    const budgets = createBudgets({ clock, table, onAlarm: ({ budget, scope }) => alarms.push(`${budget}.${scope}`) })
    const release = budgets.tryAcquire('webhooks', { endpoint: 'e' })
    for (let n = 0; n < 5; n += 1) expect(budgets.tryAcquire('webhooks', { endpoint: 'e' })).toBeUndefined()
    expect(budgets.tryAcquire('webhooks', { endpoint: 'other' })).toBeTypeOf('function')
    expect(alarms).toEqual(['webhooks.endpoint'])
    clock.advance(60_001)
    budgets.tryAcquire('webhooks', { endpoint: 'e' })
    expect(alarms).toHaveLength(2)
    expect(budgets.list().find(({ budget }) => budget === 'webhooks')).toMatchObject({ refused: 6, used: 2, limit: 1 })
    release?.()
  })

  it('are changed one limit at a time by a setting, and a wrong one is named', () => {
    expect(readBudgets('starts.address=7, webhooks.total = 90')).toMatchObject({
      starts: { scopes: { ...defaultBudgets.starts.scopes, address: 7 } },
      webhooks: { scopes: { ...defaultBudgets.webhooks.scopes, total: 90 } },
    })
    expect(readBudgets(undefined)).toEqual(defaultBudgets)
    for (const wrong of [
      'starts',
      'starts.address',
      'starts.address=0',
      'starts.address=-1',
      'starts.nobody=5',
      'nothing.total=5',
      'starts.address=x',
      '__proto__.total=1',
    ])
      expect(() => readBudgets(wrong), wrong).toThrow(SettingError)
  })
})
