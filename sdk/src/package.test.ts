import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const room = fileURLToPath(new URL('..', import.meta.url))
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))
const dist = `${room}dist/`
/** A project of somebody else's, in which the package is installed. */
const project = mkdtempSync(join(tmpdir(), 'sdk-'))

describe('the package as others install it', () => {
  beforeAll(() => {
    execFileSync(process.execPath, [`${room}build.ts`], { stdio: 'pipe' })
    mkdirSync(join(project, 'node_modules/@veridoor'), { recursive: true })
    cpSync(dist, join(project, 'node_modules/@veridoor/sdk'), { recursive: true })
    const { dependencies } = JSON.parse(readFileSync(`${dist}package.json`, 'utf8')) as { dependencies: object }
    for (const name of [...Object.keys(dependencies), 'react']) {
      mkdirSync(join(project, 'node_modules', name, '..'), { recursive: true })
      symlinkSync(join(modules, name), join(project, 'node_modules', name))
    }
  }, 120_000)
  afterAll(() => rmSync(project, { recursive: true, force: true }))

  it('runs in plain Node: a call goes out with the key, and comes back typed', () => {
    const program = `
      import { createServer } from 'node:http'
      import { createVeridoor, VeridoorError, readWebhook } from '@veridoor/sdk'
      import { VerifyIdentity } from '@veridoor/sdk/react'
      const server = createServer((request, response) => {
        response.setHeader('content-type', 'application/problem+json').writeHead(404)
        response.end(JSON.stringify({ code: 'NOT_FOUND', title: request.url + ' ' + request.headers.authorization, status: 404 }))
      })
      await new Promise((done) => server.listen(0, '127.0.0.1', done))
      const veridoor = createVeridoor({ url: 'http://127.0.0.1:' + server.address().port, key: 'vd_x' })
      const error = await veridoor.users.read({ organization: 'acme', name: 'bob' }).catch((error) => error)
      server.close()
      console.log(error instanceof VeridoorError, error.code, error.message, typeof readWebhook, typeof VerifyIdentity)`
    writeFileSync(join(project, 'program.mjs'), program)
    const said = execFileSync(process.execPath, [join(project, 'program.mjs')], { cwd: project, encoding: 'utf8' })
    expect(said.trim()).toBe('true NOT_FOUND /v1/users/acme/bob Bearer vd_x function function')
  })

  it('needs nothing that only this repository has, and has types beside each file', () => {
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    const code = files.filter((file) => file.endsWith('.js'))
    expect(code.length).toBeGreaterThan(10)
    const manifest = JSON.parse(readFileSync(`${dist}package.json`, 'utf8')) as { dependencies: Record<string, string> }
    const known = [...Object.keys(manifest.dependencies), 'react']
    const packageOf = (name: string) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/')
    for (const file of code) {
      const types = file.replace(/\.js$/, '.d.ts')
      expect(files).toContain(types)
      for (const one of [file, types])
        for (const [, name = ''] of readFileSync(`${dist}${one}`, 'utf8').matchAll(
          /(?:from |import\()['"]([^'"]+)['"]/g,
        ))
          if (!name.startsWith('.')) expect(known).toContain(packageOf(name))
    }
    expect(JSON.stringify(manifest)).not.toContain('@veridoor/contract')
  })
})
