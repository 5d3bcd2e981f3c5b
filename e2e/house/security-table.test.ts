import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Rows of the trust boundaries: a row ends with the test that holds it, as a file and a name. */
const rows = readFileSync(join(root, 'docs/security.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes(' › '))
  .map((line) => {
    const [, who = '', , cannot = '', test = ''] = line.split('|').map((cell) => cell.trim())
    const [, file = '', name = ''] = /^`([^`]+)` › (.+)$/.exec(test) ?? []
    return { who, cannot, file, name }
  })

it('every row of the trust boundaries names a test that exists', () => {
  expect(rows.length).toBeGreaterThan(25)
  const broken = rows.filter(
    ({ file, name }) =>
      file === '' ||
      name === '' ||
      !existsSync(join(root, file)) ||
      !readFileSync(join(root, file), 'utf8').includes(name),
  )
  expect(broken).toEqual([])
})

it('every table of the trust boundaries has a test in each of its rows', () => {
  const text = readFileSync(join(root, 'docs/security.md'), 'utf8')
  const tables = text.split('\n## ').filter((section) => section.includes('| test |'))
  expect(tables.length).toBeGreaterThan(4)
  for (const table of tables) {
    const lines = table.split('\n').filter((line) => line.startsWith('| ') && !line.includes('| test |'))
    expect(lines.filter((line) => !line.includes(' › '))).toEqual([])
  }
})
