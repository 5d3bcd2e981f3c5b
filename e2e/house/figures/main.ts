import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  dependencies,
  longFiles,
  longFunctions,
  oldNamesIn,
  oldSentencesIn,
  readSources,
  roomsOf,
  sqlOutsideStores,
} from './measure.ts'

/**
 * `npm run house`: figures of the structure as JSON lines, read from the code. `-- --list` names each place; `-- --root DIR`
 * measures another checkout.
 */
const argument = (name: string): string | undefined => {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}
const root = resolve(argument('--root') ?? fileURLToPath(new URL('../../..', import.meta.url)))
const listed = process.argv.includes('--list')
const packages = [
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
]

const say = (figure: Record<string, unknown>): void => console.log(JSON.stringify(figure))
const sources = readSources(root)
const guides = execFileSync('git', ['ls-files', '*.md'], { cwd: root })
  .toString()
  .split('\n')
  .filter((file) => file !== '' && !/CHANGELOG|docs\/decisions\//.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))

say({
  figure: 'source files',
  count: sources.length,
  lines: sources.reduce((sum, { text }) => sum + text.split('\n').length - 1, 0),
})
const long = longFiles(sources)
say({ figure: 'files over 400 lines', count: long.length, files: long })
for (const each of longFunctions(sources))
  say({ figure: 'longest functions', name: each.what, lines: each.lines, place: `${each.file}:${each.line}` })
for (const pack of packages) say({ figure: 'rooms', package: pack, ...roomsOf(sources, pack) })
for (const pack of packages) {
  const direct = dependencies(root, pack)
  say({ figure: 'direct dependencies', package: pack, count: direct.length, names: direct })
}
const outside = sqlOutsideStores(sources)
say({ figure: 'files with SQL outside stores', count: outside.length, ...(listed ? { files: outside } : {}) })
const names = oldNamesIn(sources)
const sentences = oldSentencesIn([...sources, ...guides])
say({ figure: 'old words in identifiers', count: names.length })
say({ figure: 'old sentences', count: sentences.length })
if (listed)
  for (const each of [...names, ...sentences])
    say({ figure: 'old word', place: `${each.file}:${each.line}`, what: each.what })
