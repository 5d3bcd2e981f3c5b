import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InferenceSession } from 'onnxruntime-node'
import { EngineError } from './errors.ts'
import { foldModel } from './onnx/fold.ts'

export { packageFile } from './package-file.ts'

/** A file of our own models folder. */
export const ownModel = (name: string): string => {
  const file = join(dirname(dirname(fileURLToPath(import.meta.url))), 'models', name)
  if (!existsSync(file)) throw new EngineError('model_missing')
  return file
}

/**
 * One thread a session: jobs run side by side in processes of their own instead.
 * @param options.keepsMemory what a run needed stays for the next one: a tenth faster, for nets whose runs are many and small
 */
export const openSession = (
  model: string | Uint8Array,
  { keepsMemory = false }: { keepsMemory?: boolean } = {},
): Promise<InferenceSession> => {
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    enableCpuMemArena: keepsMemory,
    logSeverityLevel: 3,
  }
  return typeof model === 'string' ? InferenceSession.create(model, options) : InferenceSession.create(model, options)
}

/** Opens a model of PP-OCR, as the package ships it, with its constants folded: half the time for a line, two thirds for a page. */
export const openFolded = (file: string, options: { keepsMemory?: boolean } = {}): Promise<InferenceSession> =>
  openSession(foldModel(readFileSync(file)), options)

/** A file as UTF-8. */
export const readText = (file: string): string => readFileSync(file, 'utf8')

/** Opens once, on first use. What could not be opened is tried again by the next who needs it. */
export const lazily = <T>(open: () => Promise<T>): (() => Promise<T>) => {
  let opened: Promise<T> | undefined
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
}
