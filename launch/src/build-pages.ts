import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from './start-refused.ts'

const sources = (root: string): string[] =>
  ['web/{src,capture,scripts}/**/*', 'web/*.{ts,html,json}', 'contract/src/**/*.{ts,css}', 'package-lock.json']
    .flatMap((pattern) => globSync(pattern, { cwd: root, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()

/** Builds the pages when their sources changed since the last build. Returns whether it built. */
export const buildPages = (root: string, say: (line: string) => void): boolean => {
  const hash = createHash('sha256')
  for (const file of sources(root)) hash.update(file.slice(root.length)).update(readFileSync(file))
  const wanted = hash.digest('hex')
  const stamp = join(root, 'web', 'dist', '.built-from')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false
  say('Building the pages …')
  const npm = process.env.npm_execpath
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []]
  const built = spawnSync(command, [...args, 'run', 'build', '--workspace', '@veridoor/web', '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (built.status !== 0) {
    console.error(built.stdout, built.stderr)
    throw new StartError('Building the pages failed. The lines above say why.')
  }
  mkdirSync(join(root, 'web', 'dist'), { recursive: true })
  writeFileSync(stamp, wanted)
  return true
}
