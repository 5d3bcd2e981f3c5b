import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createEnginePool } from '../src/index.ts'
import { aimsOf } from './aims.ts'
import { baselineFile, readBaselineSet } from './baseline.ts'
import { conditions } from './conditions.ts'
import { measureCopies } from './copies.ts'
import { measureFaces } from './faces.ts'
import { measureLiveness } from './liveness.ts'
import { documentsSection, writeSection } from './report.ts'
import { type Result, runSamples, type Sample, sampleAt } from './run.ts'

const usage = `Usage: npm run -s accuracy -- [options]

  --count N          Documents, 2000 unless told
  --seed S           Another set, 1 unless told
  --only CONDITION   ${conditions.map(({ id }) => `"${id}"`).join(', ')}
  --lines FILE       Keep the results there, one JSON object a line; documents in it are not read again
  --no-report        Leave docs/accuracy.md as it is
  --baseline         Instead: read the documents of the suite and write engine/accuracy/baseline.json
  --faces FOLDER     Instead: faces, one folder a person
  --liveness FOLDER  Instead: movement checks, real/ and attack/, one folder a check
  --copies           Instead: screens and pictures that come again, over --count photographs

Results go to standard output, one JSON object a line; a missed aim ends with exit code 1. docs/accuracy.md says what the folders must hold.`

const stop = (sentence: string): never => {
  console.error(sentence)
  process.exit(2)
}

const report = fileURLToPath(new URL('../../docs/accuracy.md', import.meta.url))
const today = (): string => new Date().toISOString().slice(0, 10)
const tell = (result: object): void => console.log(JSON.stringify(result))
const WORKERS = 2

const readOptions = () => {
  try {
    return parseArgs({
      options: {
        count: { type: 'string', default: '2000' },
        seed: { type: 'string', default: '1' },
        only: { type: 'string' },
        lines: { type: 'string' },
        faces: { type: 'string' },
        liveness: { type: 'string' },
        copies: { type: 'boolean', default: false },
        'no-report': { type: 'boolean', default: false },
        baseline: { type: 'boolean', default: false },
      },
    }).values
  } catch {
    return stop(usage)
  }
}

const options = readOptions()
const count = Number(options.count)
const seed = Number(options.seed)
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) stop(usage)
if (options.only !== undefined && !conditions.some(({ id }) => id === options.only)) stop(usage)
for (const folder of [options.faces, options.liveness])
  if (folder !== undefined && !existsSync(folder)) stop(`There is no folder ${folder}.`)

/** The first documents of the set, or those of one condition, that are not in the file yet. */
function* wanted(done: ReadonlySet<number>): Generator<Sample> {
  for (let index = 0, taken = 0; taken < count; index += 1) {
    if (options.only !== undefined && conditions[index % conditions.length]?.id !== options.only) continue
    taken += 1
    if (!done.has(index)) yield sampleAt(seed, index)
  }
}

const measureDocuments = async (): Promise<void> => {
  const file = options.lines
  const results: Result[] =
    file && existsSync(file)
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line.startsWith('{') && line.endsWith('}'))
          .map((line) => JSON.parse(line) as Result)
      : []
  const pool = createEnginePool({ workers: WORKERS })
  const finish = (): void => {
    if (!options['no-report'] && results.length > 0)
      writeSection(report, 'documents', documentsSection(results, { seed, date: today() }))
  }
  process.once('SIGINT', () => {
    finish()
    process.exit(130)
  })
  await runSamples(pool, wanted(new Set(results.map(({ index }) => index))), {
    workers: WORKERS,
    tell: (result) => {
      results.push(result)
      tell(result)
      if (file) appendFileSync(file, `${JSON.stringify(result)}\n`)
    },
  })
  await pool.close()
  finish()
  for (const { says, events, trials } of aimsOf(results).filter(({ isMissed }) => isMissed)) {
    console.error(`Missed: ${says} (${events} of ${trials})`)
    process.exitCode = 1
  }
}

if (options.baseline) {
  const { wrong, ...baseline } = await readBaselineSet()
  tell({ ...baseline, wrong })
  if (wrong.length > 0) stop('A field was sure and wrong: that is no baseline.')
  writeFileSync(baselineFile, `${JSON.stringify(baseline, null, 2)}\n`)
} else if (options.faces !== undefined) {
  const found = await measureFaces(options.faces)
  tell(found.figures)
  if (!options['no-report']) writeSection(report, 'faces', `${today()}. ${found.section}`)
} else if (options.liveness !== undefined) {
  const found = await measureLiveness(options.liveness)
  tell(found.figures)
  if (!options['no-report']) writeSection(report, 'liveness', `${today()}. ${found.section}`)
} else if (options.copies) {
  let isOver = false
  process.once('SIGINT', () => {
    isOver = true
  })
  const found = await measureCopies(count, seed, tell, () => isOver)
  if (!options['no-report']) writeSection(report, 'copies', `${today()}. ${found.section}`)
} else await measureDocuments()
