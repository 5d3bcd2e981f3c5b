import { expect, it, vi } from 'vitest'
import { silentLog } from './log.ts'
import { createScheduler } from './scheduler.ts'

it('a task never runs beside itself, and one that fails runs again', async () => {
  vi.useFakeTimers()
  try {
    const scheduler = createScheduler(silentLog)
    let beside = 0
    let most = 0
    let runs = 0
    scheduler.every('slow', 10, async () => {
      beside += 1
      most = Math.max(most, beside)
      runs += 1
      await new Promise((resolve) => setTimeout(resolve, 100))
      beside -= 1
      if (runs === 1) throw new Error('once')
    })
    await vi.advanceTimersByTimeAsync(50)
    expect(runs).toBe(0)
    scheduler.start()
    await vi.advanceTimersByTimeAsync(450)
    expect(runs).toBeGreaterThanOrEqual(4)
    expect(most).toBe(1)
    const stopped = scheduler.stop()
    await vi.advanceTimersByTimeAsync(100)
    await stopped
    const before = runs
    await vi.advanceTimersByTimeAsync(1_000)
    expect(runs).toBe(before)
  } finally {
    vi.useRealTimers()
  }
})

it('stopping waits for the run under way', async () => {
  const scheduler = createScheduler(silentLog)
  const begun = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  let isOver = false
  scheduler.every('task', 1, async () => {
    begun.resolve()
    await end.promise
    isOver = true
  })
  scheduler.start()
  await begun.promise
  const stopped = scheduler.stop()
  end.resolve()
  await stopped
  expect(isOver).toBe(true)
})
