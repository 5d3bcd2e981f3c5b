import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { assessLiveness, type LivenessInput } from '../src/liveness/assess.ts'
import { type LivenessFinding, type Movement, movements } from '../src/liveness/judge.ts'
import { foldersIn, picturesIn } from './pictures.ts'
import { rate } from './report.ts'

type Verdicts = Record<LivenessFinding['verdict'], number>
type Checks = {
  readonly checks: number
  readonly verdicts: Verdicts
  readonly reasons: Readonly<Record<string, number>>
}
export type LivenessFigures = { readonly real: Checks; readonly attack: Checks }

/**
 * Reads one recorded check: `challenge.txt` holds the movements asked for, separated by commas; every frame is named
 * `<step>-<milliseconds>.jpg`, both counted from 0.
 */
export const readCheck = (folder: string): LivenessInput => {
  const file = join(folder, 'challenge.txt')
  if (!existsSync(file)) throw new Error(`${folder} has no challenge.txt. It names the movements, separated by commas.`)
  const challenge = readFileSync(file, 'utf8')
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map((word): Movement => {
      const known = movements.find((movement) => movement === word)
      if (!known)
        throw new Error(`${file} names a movement that does not exist. Movements are ${movements.join(', ')}.`)
      return known
    })
  const frames = picturesIn(folder).map((picture) => {
    const [, step, atMs] = /^(\d+)-(\d+)\./.exec(basename(picture)) ?? []
    if (step === undefined || atMs === undefined)
      throw new Error(`${picture} is not named <step>-<milliseconds>, such as 0-0250.jpg.`)
    return { step: Number(step), atMs: Number(atMs), picture: readFileSync(picture) }
  })
  return { challenge, frames: frames.sort((a, b) => a.step - b.step || a.atMs - b.atMs) }
}

const judgeFolder = async (folder: string): Promise<Checks> => {
  const verdicts: Verdicts = { passed: 0, failed: 0, undetermined: 0 }
  const reasons: Record<string, number> = {}
  const checks = existsSync(folder) ? foldersIn(folder) : []
  for (const check of checks) {
    const finding = await assessLiveness(readCheck(join(folder, check)))
    verdicts[finding.verdict] += 1
    for (const reason of finding.reasons) reasons[reason] = (reasons[reason] ?? 0) + 1
  }
  return { checks: checks.length, verdicts, reasons }
}

export const livenessFigures = async (folder: string): Promise<LivenessFigures> => ({
  real: await judgeFolder(join(folder, 'real')),
  attack: await judgeFolder(join(folder, 'attack')),
})

const sayReasons = ({ reasons }: Checks): string =>
  Object.entries(reasons)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, times]) => `${reason} ${times}`)
    .join(', ') || 'none'

const sayLiveness = ({
  real,
  attack,
}: LivenessFigures): string => `${real.checks} checks of people, ${attack.checks} attacks.

| error (ISO/IEC 30107-3) | measured |
| --- | --- |
| attacks that passed (APCER) | ${rate(attack.verdicts.passed, attack.checks)} |
| people who did not pass (BPCER) | ${rate(real.checks - real.verdicts.passed, real.checks)} |
| of them undetermined, so asked again | ${rate(real.verdicts.undetermined, real.checks)} |

Reasons among people: ${sayReasons(real)}. Among attacks: ${sayReasons(attack)}.`

export const measureLiveness = async (folder: string): Promise<{ figures: LivenessFigures; section: string }> => {
  const figures = await livenessFigures(folder)
  return { figures, section: sayLiveness(figures) }
}
