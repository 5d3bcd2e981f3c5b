import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const sources = (pattern: string): string[] =>
  globSync(pattern, { cwd: root }).filter((file) => !/node_modules|\.test\.ts|\/dist\/|\.gen\./.test(file))

describe('directions', () => {
  it('between rooms hold, and the check has seen the house', () => {
    const report = JSON.parse(
      execFileSync(
        join(root, 'node_modules/.bin/depcruise'),
        [
          '--config',
          '.dependency-cruiser.cjs',
          '--output-type',
          'json',
          'contract',
          'foundation',
          'jumio',
          'providers',
          'engine',
          'verifier',
          'server',
          'web',
          'sdk',
          'launch',
        ],
        { cwd: root, maxBuffer: 100_000_000 },
      ).toString(),
    ) as { summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number } }
    expect(report.summary.violations.map((found) => `${found.rule.name}: ${found.from} -> ${found.to}`)).toEqual([])
    // A tool that reads nothing reports nothing.
    expect(report.summary.totalCruised).toBeGreaterThan(150)
  })

  it('no provider is known by name outside of its rooms', () => {
    const found = [
      ...sources('{contract,foundation,server,web,launch}/**/*.{ts,tsx}'),
      ...sources('engine/src/**/*.ts'),
    ].filter((file) => /jumio|netverify/i.test(read(file)))
    expect(found).toEqual([])
  })

  it('the environment is read in one place a process', () => {
    const readers = sources('{server,verifier,foundation,providers,jumio,contract}/src/**/*.ts').filter((file) =>
      /process\.env/.test(read(file)),
    )
    // Each entry of a process reads its own; the first hands the owner's login on to the migrating process and forgets it.
    expect(readers.sort()).toEqual([
      'foundation/src/migration-process.ts',
      'server/src/cli.ts',
      'server/src/main.ts',
      'server/src/migrate-main.ts',
      'verifier/src/main.ts',
      'verifier/src/migrate-main.ts',
    ])
  })
})

describe('the tree', () => {
  it('a lock file that every platform can install', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string>; resolved?: string }>
    }
    const missing: string[] = []
    for (const [path, entry] of Object.entries(lock.packages))
      for (const name of Object.keys(entry.optionalDependencies ?? {})) {
        let at = path
        while (!lock.packages[`${at ? `${at}/` : ''}node_modules/${name}`] && at !== '')
          at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : ''
        if (!lock.packages[`${at ? `${at}/` : ''}node_modules/${name}`]) missing.push(name)
      }
    expect(missing).toEqual([])
    expect(JSON.stringify(lock)).not.toMatch(/"resolved":"https?:/)
  })

  it('the pages call the API as the contract has it', async () => {
    const { minifyContractRouter } = await import('@orpc/contract')
    const { api } = await import('@veridoor/contract')
    expect(JSON.parse(read('web/src/contract.gen.json'))).toEqual(JSON.parse(JSON.stringify(minifyContractRouter(api))))
  })

  it('source files stay short enough to read', () => {
    const lengths = sources('{contract,foundation,jumio,providers,engine,verifier,server,web,launch}/**/*.{ts,tsx}')
      .filter((file) => !file.endsWith('sentences.ts'))
      .map((file) => ({ file, lines: read(file).split('\n').length }))
      .sort((a, b) => a.lines - b.lines)
    const at = (share: number): number => lengths[Math.floor(lengths.length * share)]?.lines ?? 0
    expect(at(0.5)).toBeLessThan(130)
    expect(at(0.95)).toBeLessThan(420)
  })
})
