import { randomInt } from 'node:crypto'
import type { Movement } from '@veridoor/contract'

const COUNT = 4
/** Closing the eyes is not asked for: the mesh hardly follows lids (docs/guides/liveness.md). */
const pool = ['turn_left', 'turn_right', 'look_up', 'look_down', 'closer'] as const satisfies readonly Movement[]
const isTurn = (movement: Movement): boolean => movement === 'turn_left' || movement === 'turn_right'

/** Every sequence that may be asked for: none twice in a row, and a turn among them, since a picture brought nearer looks closer too. */
export const sequences: readonly (readonly Movement[])[] = Array.from({ length: COUNT })
  .reduce<Movement[][]>(
    (begun) =>
      begun.flatMap((sequence) =>
        pool.filter((movement) => movement !== sequence.at(-1)).map((movement) => [...sequence, movement]),
      ),
    [[]],
  )
  .filter((sequence) => sequence.some(isTurn))

/**
 * A fresh sequence from the system's own randomness, begun by `centre`, whose frames give the rest pose.
 * @param before sequences this session had: none comes twice, so that a recording of one attempt fits no other
 */
export const makeSequence = (before: readonly (readonly Movement[])[]): readonly Movement[] => {
  const used = new Set(before.map((sequence) => sequence.slice(1).join()))
  const left = sequences.filter((sequence) => !used.has(sequence.join()))
  const chosen = left.length > 0 ? left[randomInt(left.length)] : undefined
  if (!chosen) throw new Error('no sequence is left')
  return ['centre', ...chosen]
}
