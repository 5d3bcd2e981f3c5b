import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { dirname } from 'node:path'
import { keyedDigest, timingSafeEqualText } from '@veridoor/foundation'
import type { Head } from './types.ts'

/**
 * Where chains stood at one moment, signed with a key that is not in the database. Checkpoints form a chain of their own, so that
 * a removed one is noticed. Each holds the heads that changed since the one before.
 */
export type Checkpoint = {
  readonly number: number
  readonly at: string
  readonly heads: readonly Head[]
  /** Signature of the checkpoint before; empty for the first. */
  readonly previous: string
  readonly signature: string
}

/** Checkpoints outside the database: a file under the data folder, and an address of the operator where one is set. */
export type CheckpointStore = {
  /** Writes down the heads that changed. @returns the checkpoint, or undefined when nothing changed */
  write(heads: readonly Head[], at: Date): Promise<Checkpoint | undefined>
  /** @throws {CheckpointError} when the file was changed, or checkpoints were removed from its middle */
  read(): readonly Checkpoint[]
}

/** The file of checkpoints does not hold what was written to it. */
export class CheckpointError extends Error {
  readonly code = 'CHECKPOINT_CHANGED'
  /** Number of the first checkpoint that does not fit. */
  readonly number: number
  constructor(number: number) {
    super(`Checkpoint ${number} was changed or removed.`)
    this.name = 'CheckpointError'
    this.number = number
  }
}

/** The file under the data folder. */
export const CHECKPOINT_FILE = 'audit-checkpoints.jsonl'

const signatureOf = (key: Uint8Array, checkpoint: Omit<Checkpoint, 'signature'>): string =>
  keyedDigest(
    key,
    JSON.stringify([
      checkpoint.number,
      checkpoint.at,
      checkpoint.heads.map(({ organization, number, hash }) => [organization, number, hash]),
      checkpoint.previous,
    ]),
  )

/** @throws {CheckpointError} */
export const readCheckpoints = (file: string, key: Uint8Array): Checkpoint[] => {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  const checkpoints: Checkpoint[] = []
  for (const [index, line] of lines.entries()) {
    let checkpoint: Checkpoint
    try {
      checkpoint = JSON.parse(line) as Checkpoint
    } catch {
      // A process that is killed while it appends leaves half a line at the end; anywhere else a line was changed.
      if (index === lines.length - 1) break
      throw new CheckpointError(index + 1)
    }
    const fits =
      checkpoint.number === index + 1 &&
      checkpoint.previous === (checkpoints.at(-1)?.signature ?? '') &&
      timingSafeEqualText(checkpoint.signature, signatureOf(key, checkpoint))
    if (!fits) throw new CheckpointError(index + 1)
    checkpoints.push(checkpoint)
  }
  return checkpoints
}

const bytesOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0)

/** A process that is killed while it appends leaves half a line. It held no checkpoint yet, and the next one must not join it. */
const removeHalfLine = (file: string): void => {
  if (!existsSync(file)) return
  const text = readFileSync(file, 'utf8')
  if (text !== '' && !text.endsWith('\n'))
    truncateSync(file, Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)))
}

/**
 * @param options.file made with mode 0600 when it is not there
 * @param options.send where a copy of each checkpoint goes, besides the file
 */
export const createCheckpointStore = (options: {
  file: string
  key: Uint8Array
  send?: (checkpoint: Checkpoint) => Promise<void>
}): CheckpointStore => {
  const { file, key } = options
  let last: Checkpoint | undefined
  let known: Map<string, Head> | undefined
  let knownBytes = -1

  /** Another process may write to the same folder: what it wrote is read first. */
  const load = (): Map<string, Head> => {
    if (known && knownBytes === bytesOf(file)) return known
    removeHalfLine(file)
    const checkpoints = readCheckpoints(file, key)
    last = checkpoints.at(-1)
    knownBytes = bytesOf(file)
    known = new Map(checkpoints.flatMap(({ heads }) => heads.map((head) => [head.organization, head] as const)))
    return known
  }

  return {
    read: () => readCheckpoints(file, key),
    async write(heads, at) {
      const before = load()
      const changed = heads
        .filter(({ organization, number, hash }) => {
          const noted = before.get(organization)
          return noted?.number !== number || noted.hash !== hash
        })
        .map(({ organization, number, hash }) => ({ organization, number, hash }))
      if (changed.length === 0) return undefined
      const unsigned = {
        number: (last?.number ?? 0) + 1,
        at: at.toISOString(),
        heads: changed,
        previous: last?.signature ?? '',
      }
      const checkpoint = { ...unsigned, signature: signatureOf(key, unsigned) }
      mkdirSync(dirname(file), { recursive: true })
      appendFileSync(file, `${JSON.stringify(checkpoint)}\n`, { mode: 0o600 })
      last = checkpoint
      knownBytes = bytesOf(file)
      for (const head of changed) before.set(head.organization, head)
      await options.send?.(checkpoint)
      return checkpoint
    },
  }
}
