import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
let copy: string

/** The tracked and new files, without what is built; packages are linked, so that `@veridoor/…` means the copy. */
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'veridoor-types-'))
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root }).toString().split('\n')
  for (const file of files) {
    if (file === '' || !existsSync(join(root, file))) continue
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    cpSync(join(root, file), join(copy, file))
  }
  mkdirSync(join(copy, 'node_modules/@veridoor'), { recursive: true })
  const link = (name: string): void => {
    if (!existsSync(join(copy, 'node_modules', name)))
      symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name))
  }
  const names = execFileSync('ls', ['-A', join(root, 'node_modules')])
    .toString()
    .split('\n')
    .filter(Boolean)
  for (const name of names.filter((entry) => entry !== '@veridoor')) link(name)
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { workspaces: string[] }
  for (const folder of workspaces) {
    const { name } = JSON.parse(readFileSync(join(copy, folder, 'package.json'), 'utf8')) as { name: string }
    if (name.startsWith('@veridoor/')) symlinkSync(join(copy, folder), join(copy, 'node_modules', name))
  }
  // Dependencies that a workspace has for itself.
  for (const folder of workspaces)
    if (existsSync(join(root, folder, 'node_modules')))
      symlinkSync(join(root, folder, 'node_modules'), join(copy, folder, 'node_modules'))
}, 60_000)
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const run = (command: string, ...args: string[]): string => {
  try {
    return execFileSync(join(root, 'node_modules/.bin', command), args, { cwd: copy, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${command}: ${stdout}${stderr}`.slice(0, 4_000))
  }
}
const index = (): string => join(copy, 'providers/src/index.ts')
const editIndex = (edit: (text: string) => string): void => writeFileSync(index(), edit(readFileSync(index(), 'utf8')))

describe('a provider type', () => {
  it('that is removed with its folder and its line leaves types, tests and directions green', () => {
    const before = readFileSync(index(), 'utf8')
    rmSync(join(copy, 'providers/src/stripe'), { recursive: true })
    rmSync(join(copy, 'server/test/provider-capabilities.test.ts'))
    editIndex((text) => text.replace(/^import .*stripe\/index.*\n/m, '').replace(/,? *stripeIdentity,?/, ','))
    run('tsc', '-p', 'tsconfig.json')
    run(
      'vitest',
      'run',
      '--project',
      'quick',
      '--maxWorkers=1',
      'providers/src/conformance.test.ts',
      'providers/src/alibaba-cloud',
    )
    run(
      'depcruise',
      '--config',
      '.dependency-cruiser.cjs',
      'contract',
      'foundation',
      'jumio',
      'providers',
      'server',
      'web',
    )
    cpSync(join(root, 'providers/src/stripe'), join(copy, 'providers/src/stripe'), { recursive: true })
    writeFileSync(index(), before)
  }, 900_000)

  it('that is added touches its folder and one line', () => {
    const folder = join(copy, 'providers/src/notary')
    mkdirSync(folder)
    writeFileSync(
      join(folder, 'index.ts'),
      `import { z } from 'zod'
import { defineProvider } from '../port.ts'

export const notary = defineProvider({
  category: 'ID Verification',
  type: 'Notary',
  displayName: 'Notary',
  webhooks: 'none',
  staffWords: {},
  config: z.object({ office: z.string().min(1).meta({ title: 'Office', description: 'Its address.' }) }),
  open: (_config, { now }) => ({
    adapter: {
      start: async () => ({ reference: 'n', expiresAt: now(), next: 'redirect', url: 'https://notary.example/' }),
      readWebhook: () => null,
      fetchFinding: async () => ({ state: 'pending' }),
      erase: async () => {},
      probe: async () => ({ ok: true, ms: 0, steps: [] }),
    },
    settings: {
      faceRequired: true,
      monthlyLimit: null,
      retentionDays: null,
      documentTypes: ['PASSPORT'],
      countries: [],
      tokenLifetimeMin: 30,
    },
  }),
})
`,
    )
    editIndex((text) =>
      text
        .replace(
          "import { jumio } from './jumio/index.ts'\n",
          "import { jumio } from './jumio/index.ts'\nimport { notary } from './notary/index.ts'\n",
        )
        .replace(/\[\s*jumio,/, '[jumio, notary,'),
    )
    run('tsc', '-p', 'tsconfig.json')
    const found = run(
      'node',
      '--input-type=module',
      '-e',
      "import { findProviderType, providerTypes } from '@veridoor/providers'; console.log(findProviderType(providerTypes, 'ID Verification', 'Notary').displayName)",
    )
    expect(found.trim()).toBe('Notary')
  }, 900_000)
})
