import { describe, expect, it } from 'vitest'
import { lazily } from './models.ts'

describe('what is opened lazily', () => {
  it('is opened once, however many ask at one time', async () => {
    let opened = 0
    const model = lazily(async () => {
      opened += 1
      return opened
    })
    expect(await Promise.all([model(), model()])).toEqual([1, 1])
    expect(await model()).toBe(1)
  })

  it('is tried again after it could not be opened', async () => {
    let tries = 0
    const model = lazily(async () => {
      tries += 1
      if (tries === 1) throw new Error('no memory')
      return 'open'
    })
    const both = await Promise.allSettled([model(), model()])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(tries).toBe(1)
    expect(await model()).toBe('open')
    expect(await model()).toBe('open')
    expect(tries).toBe(2)
  })
})
