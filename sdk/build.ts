import { execFileSync } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * `dist/`: the package as others install it, in plain JavaScript with types. The contract, which is ours alone, goes in with it.
 * Node runs no TypeScript out of node_modules.
 */
const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const manifestOf = (room: string) =>
  JSON.parse(readFileSync(pathOf(`${room}package.json`), 'utf8')) as Record<string, Record<string, string>>

rmSync(pathOf('dist'), { recursive: true, force: true })
execFileSync(process.execPath, [pathOf('../node_modules/typescript/bin/tsc'), '-p', pathOf('tsconfig.build.json')], {
  stdio: 'inherit',
})

for (const file of readdirSync(pathOf('dist'), { recursive: true, encoding: 'utf8' })) {
  if (!/\.(js|d\.ts)$/.test(file)) continue
  const contract = relative(dirname(file), 'contract/src/index.js')
  const code = readFileSync(pathOf(`dist/${file}`), 'utf8')
  writeFileSync(pathOf(`dist/${file}`), code.replaceAll("'@veridoor/contract'", `'${contract}'`))
}

const { scripts: _ours, devDependencies: _tools, ...manifest } = manifestOf('')
const { '@veridoor/contract': _inside, ...dependencies } = {
  ...manifestOf('../contract/').dependencies,
  ...manifest.dependencies,
}
const entry = (name: string) => ({ types: `./sdk/src/${name}.d.ts`, default: `./sdk/src/${name}.js` })
const made = { ...manifest, exports: { '.': entry('index'), './react': entry('react') }, dependencies }
writeFileSync(pathOf('dist/package.json'), `${JSON.stringify(made, null, 2)}\n`)
copyFileSync(pathOf('README.md'), pathOf('dist/README.md'))
copyFileSync(pathOf('../LICENSE'), pathOf('dist/LICENSE'))
