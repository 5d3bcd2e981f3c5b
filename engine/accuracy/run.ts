import type { DocumentReading, EnginePool } from '../src/index.ts'
import { photographed, type Specimen } from '../src/specimen/index.ts'
import { seeded } from '../src/specimen/random.ts'
import { type Condition, conditions } from './conditions.ts'
import { type DocumentKind, documentKinds, truthOf } from './documents.ts'
import { type Alphabet, alphabets, madeUp } from './persons.ts'

/** What a person would send: the frames of the side with the MRZ and, where that is the back, one of the front. */
type Sides = { readonly front: readonly Uint8Array[]; readonly back?: readonly Uint8Array[] }

/** One document of the set: who, which kind, photographed how. All of it follows from the seed and the index. */
export type Sample = {
  readonly index: number
  readonly kind: DocumentKind
  readonly condition: Condition
  readonly alphabet: Alphabet
  readonly specimen: Specimen
  readonly pictures: () => Promise<Sides>
}

/** What the engine made of it. Persons are invented, so wrong values may be told. */
export type Result = {
  readonly index: number
  readonly format: string
  readonly condition: string
  readonly alphabet: Alphabet
  /** The MRZ was read whole, and every character of it is right. */
  readonly exact: boolean
  readonly fields: number
  readonly exactFields: number
  /** Every field that the engine needs was sure: nobody would be asked for another photograph. */
  readonly accepted: boolean
  /** Fields that were sure and wrong. */
  readonly wrong: readonly { readonly field: string; readonly read: string; readonly is: string }[]
  readonly lines: readonly string[]
  readonly ms: number
}

/** The sample with this index in the set of a seed. Condition, kind and alphabet take turns, so that all mix with all. */
export const sampleAt = (seed: number, index: number): Sample => {
  const random = seeded(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(index + 1, 0xc2b2ae35))
  const turn = index % conditions.length
  const condition = conditions[turn] as Condition
  const round = Math.floor(index / conditions.length)
  const kind = documentKinds[(turn + round) % documentKinds.length] as DocumentKind
  const alphabet = alphabets[Math.floor(random() * alphabets.length)] as Alphabet
  const person = madeUp(random, alphabet, kind.holds)
  const specimen = kind.adapt?.(person, random) ?? person
  const shots = condition.shots(random, kind)
  return {
    index,
    kind,
    condition,
    alphabet,
    specimen,
    pictures: async () => {
      const page = await kind.render(specimen)
      const zone: Uint8Array[] = []
      for (const shot of shots) zone.push(await photographed(page.zone, shot))
      const [shot] = shots
      if (!page.front || !shot) return { front: zone }
      // The same hand, table and light; glare that lay on the zone lies where nothing is printed that counts.
      return { front: [await photographed(page.front, { ...shot, seed: (shot.seed ?? 0) + 1 })], back: zone }
    },
  }
}

/** The day of the set: centuries of birth dates must not move with the calendar. */
const TODAY = '2026-11-25'

/** Compares a reading with the truth. */
export const judge = (sample: Sample, reading: DocumentReading): Result => {
  const lines = sample.kind.lines(sample.specimen)
  const truth = truthOf(sample.kind, sample.specimen)
  const read = (name: string) => reading.fields[name as keyof typeof reading.fields]
  return {
    index: sample.index,
    format: sample.kind.format,
    condition: sample.condition.id,
    alphabet: sample.alphabet,
    exact: reading.mrz?.lines.join('\n') === lines.join('\n'),
    fields: truth.length,
    exactFields: truth.filter(([name, value]) => read(name)?.value === value).length,
    accepted: reading.retake.length === 0,
    wrong: truth.flatMap(([field, is]) => {
      const found = read(field)
      return found?.sure && found.value !== is ? [{ field, read: found.value, is }] : []
    }),
    lines: reading.mrz?.lines ?? [],
    ms: reading.ms,
  }
}

/**
 * Photographs the samples and gives them to the engine's workers, a few ahead of them, in the order of their indices.
 *
 * @param tell called with each result as soon as it is there, in no fixed order
 */
export const runSamples = async (
  pool: EnginePool,
  samples: Iterable<Sample>,
  options: { workers: number; tell: (result: Result, sample: Sample) => void },
): Promise<void> => {
  const waiting = samples[Symbol.iterator]()
  // One lane more than workers: while they read, the next picture is made here.
  const lane = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      const sample = next.value
      const sides = await sample.pictures()
      const { document } = await pool.run('assess', { ...sides, today: TODAY }, { timeoutMs: 300_000 })
      options.tell(judge(sample, document), sample)
    }
  }
  await Promise.all(Array.from({ length: options.workers + 1 }, lane))
}
