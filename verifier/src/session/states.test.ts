import { describe, expect, it } from 'vitest'
import {
  columnsAfter,
  LAST_ATTEMPT,
  type Status,
  statuses,
  statusOf,
  type TransitionName,
  transitions,
} from './states.ts'

const names = Object.keys(transitions) as TransitionName[]
const allStatuses = Object.keys(statuses) as Status[]
type Row = { state: string; phase: string; attempt: number }

/** Every row that a walk through the table can come to, from these. */
const reachable = (...begin: Row[]): Row[] => {
  const found = new Map(begin.map((row) => [JSON.stringify(row), row]))
  for (const row of found.values())
    for (const name of names) {
      const next = columnsAfter(row, name)
      if (next) found.set(JSON.stringify(next), next)
    }
  return [...found.values()]
}
const opened: Row = { ...statuses.open, attempt: 1 }
const openedByApi: Row = { ...statuses.open, attempt: LAST_ATTEMPT }

describe('the states of a session', () => {
  it('are all reachable, with every attempt that the table allows', () => {
    const found = reachable(opened, openedByApi)
    expect(new Set(found.map(statusOf))).toEqual(new Set(allStatuses))
    expect(new Set(found.map(({ attempt }) => attempt))).toEqual(new Set([1, 2, 3]))
  })

  it('lead to an end from everywhere, and no end leads anywhere', () => {
    for (const row of reachable(opened)) {
      const ends = reachable(row).filter(({ phase }) => phase === 'ended')
      expect(ends.length).toBeGreaterThan(0)
      if (row.phase === 'ended') expect(reachable(row)).toEqual([row])
    }
  })

  it('never pass the last attempt', () => {
    const last: Row = { ...statuses.checking, attempt: LAST_ATTEMPT }
    expect(columnsAfter(last, 'askAgain')).toBeUndefined()
    expect(columnsAfter({ ...last, attempt: 2 }, 'askAgain')).toEqual({ ...statuses.open, attempt: 3 })
  })

  it('refuse a transition that starts elsewhere', () => {
    expect(columnsAfter({ ...statuses.checking, attempt: 1 }, 'submit')).toBeUndefined()
    expect(columnsAfter({ ...statuses.done, attempt: 1 }, 'fail')).toBeUndefined()
    expect(() => statusOf({ state: 'DONE', phase: 'open' })).toThrow()
  })
})
