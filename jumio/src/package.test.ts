import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'

const room = fileURLToPath(new URL('..', import.meta.url))
const dist = `${room}dist/`

describe('the package as others install it', () => {
  beforeAll(() => {
    execFileSync(process.execPath, [`${room}build.ts`], { stdio: 'pipe' })
  }, 120_000)

  it('runs in plain Node, without any tool', () => {
    const program = `
      const { createV4Client, hostsOfRegion, outcomeV4, DataResponse } = await import('./index.js')
      createV4Client({ baseUrl: 'https://netverify.com', token: 'a', secret: 'b', userAgent: 'Acme Shop/1.0' })
      const data = DataResponse.parse({ scanReference: 'r', transaction: { status: 'PENDING' } })
      console.log(hostsOfRegion('eu').auth, outcomeV4(data, true).outcome)`
    const options = { cwd: dist, encoding: 'utf8' } as const
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], options)
    expect(said.trim()).toBe('https://auth.emea-1.jumio.ai pending')
  })

  it('depends on zod and on Node, on nothing else, and has types beside each file', () => {
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    const code = files.filter((file) => file.endsWith('.js'))
    expect(code.length).toBeGreaterThan(20)
    const outside = new Set<string>()
    for (const file of code) {
      expect(files).toContain(file.replace(/\.js$/, '.d.ts'))
      for (const [, name = ''] of readFileSync(`${dist}${file}`, 'utf8').matchAll(/from '([^']+)'/g))
        if (name.startsWith('.')) expect(name).toMatch(/\.js$/)
        else outside.add(name.startsWith('node:') ? 'node' : name)
    }
    expect([...outside].sort()).toEqual(['node', 'zod'])
    const manifest = JSON.parse(readFileSync(`${dist}package.json`, 'utf8')) as Record<string, unknown>
    expect(manifest).toMatchObject({ type: 'module', sideEffects: false, exports: { '.': { default: './index.js' } } })
    expect(Object.keys(manifest.dependencies as object)).toEqual(['zod'])
  })
})
