import { EngineError, type EngineErrorCode } from '../errors.ts'
import type { RetakeCode } from '../findings.ts'
import type { EnginePool } from '../pool.ts'
import { mutate, seededNumbers } from './mutate.ts'
import { validFiles } from './valid-files.ts'

export type FuzzReport = {
  readonly runs: number
  /** How often each answer came: retake codes, `usable`, and codes of the engine. */
  readonly answers: Readonly<Partial<Record<RetakeCode | 'usable' | EngineErrorCode, number>>>
  /** Files on which the engine failed in a way that no code names, or lost its worker. */
  readonly faults: readonly { readonly run: number; readonly answer: string; readonly file: Buffer }[]
}

/**
 * Sends broken copies of valid files through the way that uploads take: a look in a worker process.
 *
 * @param until stops after so many runs, or at a time (`performance.now()`)
 */
export const runFuzz = async (
  pool: EnginePool,
  seed: number,
  until: { readonly runs?: number; readonly atMs?: number },
): Promise<FuzzReport> => {
  const files = await validFiles()
  const number = seededNumbers(seed)
  const answers: Partial<Record<RetakeCode | 'usable' | EngineErrorCode, number>> = {}
  const faults: FuzzReport['faults'][number][] = []
  let runs = 0
  const isOver = (): boolean => runs >= (until.runs ?? Infinity) || performance.now() >= (until.atMs ?? Infinity)
  while (!isOver()) {
    // A PDF takes as long as thirty pictures.
    const whole = runs % 30 === 29 ? files.pdf : files.pictures[runs % files.pictures.length]
    const file = mutate(whole ?? Buffer.alloc(0), number)
    try {
      const [code = 'usable'] = await pool.run('glance', { picture: file, part: 'document' }, { timeoutMs: 20_000 })
      answers[code] = (answers[code] ?? 0) + 1
    } catch (error) {
      const answer = error instanceof EngineError ? error.code : undefined
      if (answer) answers[answer] = (answers[answer] ?? 0) + 1
      faults.push({ run: runs, answer: answer ?? 'no code', file })
    }
    runs += 1
  }
  return { runs, answers, faults }
}
