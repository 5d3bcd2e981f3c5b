import { EngineError, type EngineErrorCode, isFileFault } from '../errors.ts'
import type { RetakeCode } from '../findings.ts'
import type { EnginePool } from '../pool.ts'
import { mutate, seededNumbers } from './mutate.ts'
import { validFiles } from './valid-files.ts'

/** What came of `runs` broken files; no faults is what is wanted. */
export type FuzzReport = {
  readonly runs: number
  /** How often each answer came: retake codes, `usable`, and codes of the engine. */
  readonly answers: Readonly<Partial<Record<RetakeCode | 'usable' | EngineErrorCode, number>>>
  /** Files on which the engine failed in a way that no code names, or lost its worker. */
  readonly faults: readonly { readonly run: number; readonly answer: string; readonly file: Buffer }[]
}

/**
 * Sends broken copies of valid files through the ways that uploads take, in a worker process: a look at each; every tenth is a
 * passport's page and is assessed too, as a document and as a selfie, and of PDFs the first page is drawn.
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
    const whole =
      runs % 30 === 29 ? files.pdf : runs % 10 === 5 ? files.document : files.pictures[runs % files.pictures.length]
    const file = mutate(whole ?? Buffer.alloc(0), number)
    const count = (answer: keyof FuzzReport['answers']): void => {
      answers[answer] = (answers[answer] ?? 0) + 1
    }
    /** @param mayRefuse whether a fault of the file is an answer of this way */
    const go = async (way: () => Promise<unknown>, mayRefuse: boolean): Promise<void> => {
      try {
        await way()
      } catch (error) {
        const code = error instanceof EngineError ? error.code : undefined
        if (code) count(code)
        if (!code || !mayRefuse || !isFileFault(code)) faults.push({ run: runs, answer: code ?? 'no code', file })
      }
    }
    await go(async () => {
      const [code = 'usable'] = await pool.run('precheck', { picture: file, part: 'document' }, { timeoutMs: 20_000 })
      count(code)
    }, false)
    if (whole === files.pdf) await go(() => pool.run('firstPage', { file }, { timeoutMs: 30_000 }), true)
    else if (whole === files.document) await go(() => pool.run('assess', { front: file, selfie: file }), true)
    runs += 1
  }
  return { runs, answers, faults }
}
