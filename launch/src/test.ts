import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPages } from './build-pages.ts'
import { ownTestServer } from './test-database.ts'

/** `npm test`: lint, types, dependency rules, each test project of vitest.config.ts. Ends with the totals. */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const bin = (name: string): string => join(root, 'node_modules', '.bin', name)
const reports = mkdtempSync(join(tmpdir(), 'veridoor-test-'))
const stopDatabase = await ownTestServer()

type Sum = { passed: number; failed: number; skipped: number }
type Result = Sum & { step: string; seconds: number }
const results: Result[] = []

const step = (name: string, run: () => Sum): void => {
  console.log(`\n── ${name}`)
  const from = Date.now()
  const sum = run()
  results.push({ step: name, ...sum, seconds: Math.round((Date.now() - from) / 100) / 10 })
}

const command = (program: string, args: string[]): Sum => {
  const { status } = spawnSync(bin(program), args, { cwd: root, stdio: 'inherit' })
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 }
}

const suite = (project: string): Sum => {
  const file = join(reports, `${project}.json`)
  const { status } = spawnSync(
    bin('vitest'),
    ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    { cwd: root, stdio: 'inherit' },
  )
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>
    const passed = report.numPassedTests ?? 0
    const failed =
      (report.numFailedTests ?? 0) +
      (report.numFailedTestSuites && !report.numFailedTests ? report.numFailedTestSuites : 0)
    // A suite that ran nothing, or a runner that broke, is not a pass.
    const broken = (status !== 0 && failed === 0) || passed + failed === 0
    return { passed, failed: broken ? failed + 1 : failed, skipped: report.numPendingTests ?? 0 }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

/** A proof of ours that prints its own totals as its last line. */
const proof = (entry: string): Sum => {
  const { stdout, status } = spawnSync(process.execPath, [entry], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 50_000_000,
  })
  process.stdout.write(stdout)
  const [, passed = '0', failed = '0'] = /^(\d+) passed, (\d+) failed$/m.exec(stdout) ?? []
  const isBroken = Number(passed) === 0 || (status !== 0 && Number(failed) === 0)
  return { passed: Number(passed), failed: Number(failed) + (isBroken ? 1 : 0), skipped: 0 }
}

step('lint', () => command('biome', ['check', '.']))
step('unused', () => command('knip', []))
step('types', () => command('tsc', ['-p', 'tsconfig.json']))
step('house', () => suite('house'))
step('quick', () => suite('quick'))
step('engine', () => suite('engine'))
step('pages', () => {
  try {
    buildPages(root, () => {})
    return { passed: 1, failed: 0, skipped: 0 }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
})
step('server', () => suite('server'))
step('verifier', () => suite('verifier'))
step('journeys', () => suite('journeys'))
step('interop', () => proof('e2e/interop/main.ts'))
step('attacks', () => proof('e2e/attacks/main.ts'))

rmSync(reports, { recursive: true, force: true })
await stopDatabase()
console.log('')
for (const { step: name, passed, failed, skipped, seconds } of results)
  console.log(
    `${failed ? '✗' : '✓'} ${name.padEnd(11)} ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}  (${seconds} s)`,
  )
const sum = (key: keyof Sum): number => results.reduce((total, result) => total + result[key], 0)
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
process.exit(sum('failed') === 0 ? 0 : 1)
