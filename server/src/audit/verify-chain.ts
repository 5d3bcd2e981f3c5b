import { type Executor, keyedDigest, timingSafeEqualText } from '@veridoor/foundation'
import { GENESIS, hashOf } from './chain.ts'
import type { Checkpoint } from './checkpoints.ts'
import { readHeads, readLines } from './store.ts'
import type { AuditLine, Head } from './types.ts'

/** Why a chain is broken. */
export type ChainFault =
  /** A line was changed, removed or inserted. */
  | 'changed'
  /** A line fits the chain and is not signed with the installation's key: this server did not write it. */
  | 'not_signed'
  /** Lines at the end are missing that a checkpoint or a noted head tells of. */
  | 'cut_off'
  /** A checkpoint or a noted head has another line at this place. */
  | 'rewritten'

/**
 * `lines` fit, from the first one on. `firstBadLine` is where a chain breaks or ends too early, null when all is well; `organization`
 * is then whose chain it is.
 */
export type ChainState = {
  readonly ok: boolean
  readonly lines: number
  readonly firstBadLine: number | null
  readonly organization: string | null
  readonly fault: ChainFault | null
}

const BATCH = 1000

type Expected = ReadonlyMap<number, string>

const faultOf = (
  line: AuditLine,
  number: number,
  previousHash: string,
  key: Uint8Array | undefined,
): ChainFault | null => {
  if (line.number !== number || line.previousHash !== previousHash || line.hash !== hashOf(line)) return 'changed'
  if (!key) return null
  const isSigned = line.signature !== null && timingSafeEqualText(line.signature, keyedDigest(key, line.hash))
  return isSigned ? null : 'not_signed'
}

/** Reads one chain from its start. @param expected hashes that are known from outside, by line number */
const verifyOne = async (
  ex: Executor,
  key: Uint8Array | undefined,
  organization: string,
  expected: Expected,
): Promise<ChainState> => {
  let previousHash = GENESIS
  let number = 1
  const broken = (fault: ChainFault): ChainState => ({
    ok: false,
    lines: number - 1,
    firstBadLine: number,
    organization,
    fault,
  })
  for (;;) {
    const lines = await readLines(ex, organization, number - 1, BATCH)
    for (const line of lines) {
      const fault = faultOf(line, number, previousHash, key)
      if (fault) return broken(fault)
      const known = expected.get(number)
      if (known !== undefined && known !== line.hash) return broken('rewritten')
      previousHash = line.hash
      number += 1
    }
    if (lines.length < BATCH) break
  }
  const furthest = Math.max(0, ...expected.keys())
  if (furthest >= number) return broken('cut_off')
  return { ok: true, lines: number - 1, firstBadLine: null, organization, fault: null }
}

/** What chains are held against, from outside of the database. */
export type VerifyOptions = {
  /** Heads that somebody noted. */
  readonly noted?: readonly Head[]
  /** Left out: those of this node. */
  readonly checkpoints?: readonly Pick<Checkpoint, 'heads'>[]
}

/** Heads from outside of the database, by organization and line number. */
const expectedOf = (heads: readonly Head[]): Map<string, Map<number, string>> => {
  const expected = new Map<string, Map<number, string>>()
  for (const { organization, number, hash } of heads) {
    const own = expected.get(organization) ?? new Map<number, string>()
    own.set(number, hash)
    expected.set(organization, own)
  }
  return expected
}

/**
 * Verifies one chain or all of them. An organization that a checkpoint names and that has no line any more is a chain that was cut
 * off at its first line.
 * @param key left out, signatures are not looked at
 */
export const verifyChains = async (
  ex: Executor,
  key: Uint8Array | undefined,
  organization: string | undefined,
  options: Required<VerifyOptions>,
): Promise<ChainState> => {
  const expected = expectedOf([...options.checkpoints.flatMap(({ heads }) => heads), ...options.noted])
  const names =
    organization === undefined
      ? [...new Set([...(await readHeads(ex)).map(({ organization }) => organization), ...expected.keys()])].sort()
      : [organization]
  let lines = 0
  for (const name of names) {
    const state = await verifyOne(ex, key, name, expected.get(name) ?? new Map())
    if (!state.ok) return state
    lines += state.lines
  }
  return { ok: true, lines, firstBadLine: null, organization: organization ?? null, fault: null }
}
