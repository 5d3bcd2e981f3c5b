import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const require = createRequire(import.meta.url)
const sources = fileURLToPath(new URL('../src', import.meta.url))
const coreFolder = dirname(require.resolve('@mantine/core/styles.css'))
const notificationsFolder = dirname(require.resolve('@mantine/notifications/styles.css'))
const coreIndex = join(coreFolder, 'esm/index.mjs')

/** Styles that every page needs, in the order that the kit documents. */
const base = ['baseline', 'default-css-variables', 'global']

const read = (file: string): string => readFileSync(file, 'utf8')
const scriptsIn = (folder: string, pattern: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name))

/** Names that a script imports from the component kit. */
const importedFromCore = (script: string): string[] =>
  [...script.matchAll(/import\s*\{([^}]*)\}\s*from\s*['"]@mantine\/core['"]/g)].flatMap(([, names = '']) =>
    names
      .split(',')
      .map((name) =>
        name
          .trim()
          .replace(/^type\s+/, '')
          .replace(/\s+as\s+.*$/, ''),
      )
      .filter(Boolean),
  )

/** By exported name the file of the component kit that has it. */
const filesByExport = (): Map<string, string> =>
  new Map(
    [...read(coreIndex).matchAll(/import\s*\{([^}]*)\}\s*from\s*"(\.[^"]+)"/g)].flatMap(([, names = '', file = '']) =>
      names.split(',').map((name): [string, string] => {
        const [exported = '', local] = name.trim().split(/\s+as\s+/)
        return [local ?? exported, join(dirname(coreIndex), file)]
      }),
    ),
  )

/** Style sheets of everything that a file of the kit reaches. */
const collect = (file: string, seen: Set<string>, sheets: Set<string>): void => {
  if (seen.has(file)) return
  seen.add(file)
  const sheet = /([A-Za-z]+)\.module\.mjs$/.exec(file)?.[1]
  if (sheet) sheets.add(sheet)
  for (const [, next = ''] of read(file).matchAll(/(?:import|from)\s*"(\.[^"]+\.mjs)"/g))
    collect(join(dirname(file), next), seen, sheets)
}

/** Names of the style sheets that the pages need. */
export const neededSheets = (): Set<string> => {
  const exports = filesByExport()
  const scripts = [...scriptsIn(sources, /\.tsx?$/), ...scriptsIn(join(notificationsFolder, 'esm'), /\.mjs$/)]
  const sheets = new Set<string>()
  const seen = new Set<string>()
  for (const name of new Set(scripts.flatMap((file) => importedFromCore(read(file))))) {
    const file = exports.get(name)
    if (file) collect(file, seen, sheets)
  }
  return sheets
}

/** The kit's style sheets in the order of its whole one: a rule that comes later wins. */
const mantineStyles = (): string => {
  const folder = join(coreFolder, 'styles')
  const whole = read(join(coreFolder, 'styles.css'))
  const sheets = [...neededSheets()].map((name) => ({ name, text: read(join(folder, `${name}.css`)) }))
  const firstRule = (text: string): number => whole.indexOf(/\.m_[0-9a-f]+/.exec(text)?.[0] ?? '')
  sheets.sort((a, b) => firstRule(a.text) - firstRule(b.text))
  return [
    ...base.map((name) => read(join(folder, `${name}.css`))),
    ...sheets.map(({ text }) => text),
    read(join(notificationsFolder, 'styles.css')),
  ].join('\n')
}

const ID = 'virtual:mantine.css'

/** Serves the styles of the components that the pages use, in place of those of the whole kit (254 kB). */
export const mantineStylesPlugin = (): Plugin => ({
  name: 'mantine-styles',
  resolveId: (id) => (id === ID ? `\0${ID}` : null),
  load: (id) => (id === `\0${ID}` ? mantineStyles() : null),
})
