import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exactInterval } from '../accuracy/interval.ts'
import { averageLine } from '../src/documents/mrz/average-cuts.ts'
import { calibrate } from '../src/documents/mrz/confidence.ts'
import { decodeGreedy, type Recogniser, readColumns, recogniserOf } from '../src/documents/mrz/net.ts'
import type { Slant } from '../src/pictures/geometry.ts'
import { reading as limits } from '../src/thresholds.ts'

/**
 * `node engine/bench/lines.ts FOLDER NET.onnx…`: nets on the very same lines, made by `training/make_set.py`, cut and decoded by
 * the engine. Of each net: lines read exactly from one cut by cap height and print, and from the average of five cuts
 * where they agree on the line's length; how many are wrong of those that are sure, as a rate (`src/mrz/confidence.ts`). JSON lines.
 * `--characters FILE` writes what was seen of every character by the average, for `training/calibrate.py`.
 */
type Line = {
  readonly text: string
  readonly width: number
  readonly height: number
  readonly cap: string
  readonly print: string
  readonly offset: number
  readonly slant: Slant
}

const args = process.argv.slice(2)
const at = args.indexOf('--characters')
const [, symbolsFile] = at < 0 ? [] : args.splice(at, 2)
const [folder = '.', ...nets] = args
const { set, lines } = JSON.parse(readFileSync(join(folder, 'lines.json'), 'utf8')) as { set: string; lines: Line[] }
const strips = readFileSync(join(folder, 'strips.grey'))

/** Least number of letters to insert, delete or change. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_value, index) => index)
  for (const [i, x] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, y] of [...b].entries())
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + Number(x !== y)))
    row = next
  }
  return row[b.length] ?? 0
}

type Tally = { lines: number; exact: number; letters: number; errors: number }
const rounded = (value: number): number => Math.round(value * 100_000) / 100_000
const told = (tallies: Map<string, Tally>): Record<string, string> =>
  Object.fromEntries(
    [...tallies].map(([key, { lines: all, exact, letters, errors }]) => [
      key,
      `${exact} of ${all} exact, ${rounded((errors / letters) * 100)} % of characters wrong`,
    ]),
  )

/** Figures of one net on all lines. */
const measure = async (net: Recogniser): Promise<Record<string, unknown>> => {
  const one = new Map<string, Tally>()
  const average = new Map<string, Tally>()
  const sure = new Map([limits.characterConfidence, 0.99].map((limit) => [limit, { lines: 0, wrong: 0 }]))
  const characters: { confidence: number; right: boolean; pitch: number; cap: string; line: number }[] = []
  const count = (tallies: Map<string, Tally>, line: Line, read: string): void => {
    const errors = distance(read, line.text)
    for (const key of ['all', `${line.cap} px`, line.print, `${line.cap} px ${line.print}`]) {
      const tally = tallies.get(key) ?? { lines: 0, exact: 0, letters: 0, errors: 0 }
      tallies.set(key, tally)
      tally.lines += 1
      tally.exact += Number(errors === 0)
      tally.letters += line.text.length
      tally.errors += errors
    }
  }
  let ms = 0
  for (const [index, line] of lines.entries()) {
    const data = strips.subarray(line.offset, line.offset + line.width * line.height)
    const grey = { data, width: line.width, height: line.height }
    const from = performance.now()
    const read = decodeGreedy(await readColumns(grey, line.slant, undefined, net))
    ms += performance.now() - from
    count(one, line, read.map(({ letter }) => letter).join(''))
    // Pieces of lines are not cut as the engine cuts lines.
    if (set === 'legible') continue
    const mean = await averageLine(grey, line.slant, line.text.length, net)
    const text = mean?.characters.map(({ letter }) => letter).join('')
    if (text !== undefined) count(average, line, text)
    const least = calibrate(Math.min(...(mean?.characters ?? []).map(({ confidence }) => confidence)))
    for (const [limit, tally] of sure)
      if (mean && least >= limit) {
        tally.lines += 1
        tally.wrong += Number(text !== line.text)
      }
    // Where as many letters are wrong as places differ none was left out and put in elsewhere: each character is judged in its own place.
    const differing = [...line.text].filter((letter, place) => letter !== text?.charAt(place)).length
    if (text === undefined || differing !== distance(text, line.text)) continue
    for (const [column, { letter, confidence }] of (mean?.characters ?? []).entries())
      characters.push({
        confidence,
        right: letter === line.text.charAt(column),
        pitch: line.slant.height / 1.75,
        cap: line.cap,
        line: index,
      })
  }
  if (symbolsFile) writeFileSync(symbolsFile, JSON.stringify(characters))
  return {
    oneCut: told(one),
    average: told(average),
    sure: Object.fromEntries(
      [...sure].map(([limit, tally]) => {
        const { low, high } = exactInterval(tally.wrong, tally.lines)
        return [limit, { ...tally, interval: [rounded(low), rounded(high)] }]
      }),
    ),
    msALine: rounded(ms / lines.length),
  }
}

for (const net of nets) console.log(JSON.stringify({ set, net, ...(await measure(recogniserOf(net))) }))
