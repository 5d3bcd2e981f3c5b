import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { oldNamesIn, oldSentencesIn, readSources, upward } from './figures/measure.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const sources = readSources(root)

it('no name in the code is one of the old words, and every error class says that it is one', () => {
  expect(sources.length).toBeGreaterThan(700)
  expect(oldNamesIn(sources)).toEqual([])
})

it('no sentence in code or guides is one of the old ones', () => {
  const guides = execFileSync('git', ['ls-files', '*.md'], { cwd: root })
    .toString()
    .split('\n')
    .filter((file) => file !== '' && !/CHANGELOG|docs\/decisions\//.test(file))
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
  expect(oldSentencesIn([...sources, ...guides])).toEqual([])
})

it('the measure finds an old word, an error class without its ending, and an arrow upward', () => {
  const [first] = sources
  if (!first) throw new Error('no source was read')
  expect(oldSentencesIn([{ file: 'a.ts', text: "const text = 'The fault is ours.'" }])).toHaveLength(1)
  expect(
    upward([
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
    ]),
  ).toHaveLength(1)
  expect(
    upward([
      ['a', 'b'],
      ['b', 'c'],
      ['a', 'c'],
    ]),
  ).toHaveLength(0)
})
