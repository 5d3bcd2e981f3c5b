import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { aimsOf } from './aims.ts'
import { conditions } from './conditions.ts'
import { documentKinds } from './documents.ts'
import { exactInterval } from './interval.ts'
import type { Result } from './run.ts'

export const percent = (share: number): string => {
  const value = share * 100
  return `${value === 0 || value === 100 ? value : value < 0.1 ? value.toFixed(3) : value.toFixed(value > 99 || value < 1 ? 2 : 1)} %`
}

/** `49 of 50 · 98.0 % (89.4 % to 99.9 %)` */
export const rate = (events: number, trials: number): string => {
  if (trials === 0) return 'none'
  const { low, high } = exactInterval(events, trials)
  return `${events} of ${trials} · ${percent(events / trials)} (${percent(low)} to ${percent(high)})`
}

const count = (results: readonly Result[], test: (result: Result) => boolean): number => results.filter(test).length
const sum = (results: readonly Result[], value: (result: Result) => number): number =>
  results.reduce((total, result) => total + value(result), 0)

const row = (name: string, results: readonly Result[]): string => {
  const exact = count(results, ({ exact }) => exact)
  const fields = sum(results, (result) => result.fields)
  const exactFields = sum(results, (result) => result.exactFields)
  const accepted = count(results, (result) => result.accepted)
  const wrong = count(results, (result) => result.wrong.length > 0)
  return `| ${name} | ${rate(exact, results.length)} | ${percent(fields === 0 ? 0 : exactFields / fields)} | ${percent(accepted / results.length)} | ${wrong} |`
}

const table = (title: string, groups: readonly (readonly [string, readonly Result[]])[]): string =>
  [
    `| ${title} | zone read whole and exact | fields exact | sure, no second photo | wrong accepts |`,
    '| --- | --- | --- | --- | --- |',
    ...groups.filter(([, results]) => results.length > 0).map(([name, results]) => row(name, results)),
  ].join('\n')

const groupBy = (results: readonly Result[], key: (result: Result) => string): [string, Result[]][] => {
  const groups = new Map<string, Result[]>()
  for (const result of results) groups.set(key(result), [...(groups.get(key(result)) ?? []), result])
  return [...groups].sort(([a], [b]) => a.localeCompare(b))
}

/** What a run found, as a section of `docs/accuracy.md`. */
export const documentsSection = (results: readonly Result[], run: { seed: number; date: string }): string => {
  const wrong = results.filter((result) => result.wrong.length > 0)
  const times = results.map(({ ms }) => ms).sort((a, b) => a - b)
  const byCondition = conditions.map(
    ({ id, says }) => [`**${id}**: ${says}`, results.filter(({ condition }) => condition === id)] as [string, Result[]],
  )
  return `${results.length} documents, seed ${run.seed}, ${run.date}, a machine of ${availableParallelism()} cores, two engine workers. Intervals are exact 95 % intervals (Clopper and Pearson).

| aim | measured |
| --- | --- |
${aimsOf(results)
  .map(({ says, events, trials }) => `| ${says} | ${rate(events, trials)} |`)
  .join('\n')}

${table('condition', byCondition)}

${table(
  'document',
  groupBy(results, ({ format }) => `${format}, ${documentKinds.find((kind) => kind.format === format)?.title}`),
)}

${table(
  'name from',
  groupBy(results, ({ alphabet }) => alphabet),
)}

Milliseconds for a whole reading (zone, second reader, printed page), as measured beside whatever else the machine did: median ${times[Math.floor(times.length / 2)] ?? 0}, 95 % below ${times[Math.floor(times.length * 0.95)] ?? 0}.
${
  wrong.length === 0
    ? ''
    : `\nSure and wrong:\n\n${wrong
        .flatMap(({ index, condition, wrong: fields }) =>
          fields.map(
            ({ field, read, is }) => `- document ${index} (${condition}): ${field} is \`${is}\`, read \`${read}\``,
          ),
        )
        .join('\n')}\n`
}`
}

const markers = (name: string): readonly [string, string] => [
  `<!-- ${name}: written by npm run accuracy -->`,
  `<!-- ${name}: end -->`,
]

/** Puts a section between its two marks in the file; the words around it are ours and stay. */
export const writeSection = (file: string, name: string, text: string): void => {
  const [begin, end] = markers(name)
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const from = before.indexOf(begin)
  const to = before.indexOf(end)
  if (from < 0 || to < from) throw new Error(`${file} has no place for the section "${name}"`)
  writeFileSync(file, `${before.slice(0, from + begin.length)}\n${text.trim()}\n${before.slice(to)}`)
}
