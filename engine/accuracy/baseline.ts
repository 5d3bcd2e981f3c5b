import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createEnginePool } from '../src/index.ts'
import { runSamples, sampleAt } from './run.ts'

/** The documents that the suite reads: which of them are read whole and exact, and which without asking for another photograph. */
export type Baseline = {
  readonly seed: number
  readonly count: number
  /** Indices into the set of this seed. */
  readonly exact: readonly number[]
  readonly accepted: readonly number[]
}

export const baselineFile = fileURLToPath(new URL('./baseline.json', import.meta.url))
export const readBaseline = (): Baseline => JSON.parse(readFileSync(baselineFile, 'utf8')) as Baseline

/** Of a seed of its own, so that nobody tunes the engine on it while looking at the large set. */
const SEED = 20_261_125
/** Four documents of every condition. */
const COUNT = 56

/** Reads the suite's documents anew. */
export const readBaselineSet = async (): Promise<Baseline & { wrong: readonly string[] }> => {
  const pool = createEnginePool({ workers: 2 })
  const exact: number[] = []
  const accepted: number[] = []
  const wrong: string[] = []
  try {
    const samples = Array.from({ length: COUNT }, (_value, index) => sampleAt(SEED, index))
    await runSamples(pool, samples, {
      workers: 2,
      tell: (result) => {
        if (result.exact) exact.push(result.index)
        if (result.accepted) accepted.push(result.index)
        for (const { field, read, is } of result.wrong)
          wrong.push(`document ${result.index}: ${field} is ${is}, read ${read}`)
      },
    })
  } finally {
    await pool.close()
  }
  const inOrder = (indices: number[]): number[] => indices.sort((a, b) => a - b)
  return { seed: SEED, count: COUNT, exact: inOrder(exact), accepted: inOrder(accepted), wrong }
}
