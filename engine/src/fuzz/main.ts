import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createEnginePool } from '../pool.ts'
import { runFuzz } from './run-fuzz.ts'

/** `npm run fuzz -w @veridoor/engine -- --seconds 600 --seed 7`: as long as you like; files that did harm are kept for a look. */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
})
const pool = createEnginePool({ workers: 1, maxJobs: 5_000 })
const report = await runFuzz(pool, Number(values.seed), { atMs: performance.now() + Number(values.seconds) * 1000 })
const folder = join(tmpdir(), `veridoor-fuzz-${values.seed}`)
for (const { run, file } of report.faults) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, String(run)), file)
}
console.log(
  JSON.stringify({
    seed: Number(values.seed),
    runs: report.runs,
    answers: report.answers,
    faults: report.faults.map(({ run, answer }) => ({ run, answer })),
    ...(report.faults.length > 0 ? { kept: folder } : {}),
    peakMegabytes: Math.round(pool.peakRss() / 1_048_576),
  }),
)
await pool.close()
if (report.faults.length > 0) process.exitCode = 1
