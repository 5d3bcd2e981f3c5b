import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** `dist/`: the package as others install it, in plain JavaScript with types. Node runs no TypeScript out of node_modules. */
const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const compiler = pathOf('../node_modules/typescript/bin/tsc')

rmSync(pathOf('dist'), { recursive: true, force: true })
execFileSync(process.execPath, [compiler, '-p', pathOf('tsconfig.build.json')], { stdio: 'inherit' })

const { scripts: _ours, ...manifest } = JSON.parse(readFileSync(pathOf('package.json'), 'utf8')) as Record<
  string,
  unknown
>
const exported = { '.': { types: './index.d.ts', default: './index.js' } }
writeFileSync(pathOf('dist/package.json'), `${JSON.stringify({ ...manifest, exports: exported }, null, 2)}\n`)
copyFileSync(pathOf('README.md'), pathOf('dist/README.md'))
copyFileSync(pathOf('../LICENSE'), pathOf('dist/LICENSE'))
