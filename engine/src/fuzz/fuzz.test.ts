import { afterAll, describe, expect, it } from 'vitest'
import { createEnginePool } from '../pool.ts'
import { mutate, seededNumbers } from './mutate.ts'
import { runFuzz } from './run-fuzz.ts'

const pool = createEnginePool({ workers: 1 })
afterAll(() => pool.close())

describe('three hundred broken files', () => {
  it('each get an answer with a name, and the worker that looks at them, reads and draws them lives', async () => {
    const { runs, answers, faults } = await runFuzz(pool, 20_261_125, { runs: 300 })
    expect(runs).toBe(300)
    expect(faults.map(({ run, answer }) => ({ run, answer }))).toEqual([])
    // Broken in earnest, and not all of them beyond recognition.
    expect(answers.file_not_usable).toBeGreaterThan(50)
    expect(answers.pdf_damaged).toBeGreaterThan(0)
    // What is asked to be read, though a look refused it, says so.
    expect((answers.damaged ?? 0) + (answers.not_a_picture ?? 0)).toBeGreaterThan(0)
    expect(300 - (answers.file_not_usable ?? 0)).toBeGreaterThan(20)
    expect(pool.peakRss()).toBeLessThan(800 * 1_048_576)
  }, 180_000)

  it('are the same three hundred for the same seed', () => {
    const file = Buffer.from('a file of some length, to be broken in many places')
    const broken = (seed: number) => {
      const number = seededNumbers(seed)
      return Array.from({ length: 20 }, () => mutate(file, number).toString('hex'))
    }
    expect(broken(5)).toEqual(broken(5))
    expect(broken(5)).not.toEqual(broken(6))
  })
})
