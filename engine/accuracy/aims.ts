import { conditions } from './conditions.ts'
import type { Result } from './run.ts'

/** What a run over the set must show, and what it showed. */
export type Aim = {
  readonly says: string
  readonly events: number
  readonly trials: number
  /** False where the run holds no such document. */
  readonly isMissed: boolean
}

const glare = new Set(conditions.filter((condition) => condition.isGlareOnZone).map(({ id }) => id))

/** The three aims of the set: docs/accuracy.md begins with them, and `npm run accuracy` fails where one is missed. */
export const aimsOf = (results: readonly Result[]): readonly Aim[] => {
  const exactAmong = (says: string, among: readonly Result[], least: number): Aim => {
    const events = among.filter(({ exact }) => exact).length
    return { says, events, trials: among.length, isMissed: events < least * among.length }
  }
  const wrong = results.filter((result) => result.wrong.length > 0).length
  return [
    exactAmong(
      'zone read whole and exact, outside of glare on it: at least 98 %',
      results.filter(({ condition }) => !glare.has(condition)),
      0.98,
    ),
    exactAmong(
      'the same with one blob of glare on the zone, several frames: at least 85 %',
      results.filter(({ condition }) => condition === 'glare, frames'),
      0.85,
    ),
    {
      says: 'documents with a field that was sure and wrong: none',
      events: wrong,
      trials: results.length,
      isMissed: wrong > 0,
    },
  ]
}
