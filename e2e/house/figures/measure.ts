import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { oldNames, oldSentences, oldSentencesInCode } from './words.ts'

/** What `npm run house` measures: the structure of the code, read from the code itself. */
export type Source = { readonly file: string; readonly text: string; readonly tree: ts.SourceFile }
export type Found = { readonly file: string; readonly line: number; readonly what: string }

/** Where words are listed as data; they are not uses. */
const listsWords = /^e2e\/house\//
const isTest = (file: string): boolean => /\.test\.tsx?$|(^|\/)test\/|fixtures\//.test(file)
const isGenerated = (file: string): boolean => /\.gen\.|\.d\.ts$|(^|\/)generated\//.test(file)

/** Every TypeScript file that git knows below `root`, parsed. */
export const readSources = (root: string): Source[] =>
  execFileSync('git', ['ls-files', '*.ts', '*.tsx'], { cwd: root, maxBuffer: 50_000_000 })
    .toString()
    .split('\n')
    .filter((file) => file !== '' && !isGenerated(file))
    .map((file) => {
      const text = readFileSync(join(root, file), 'utf8')
      return { file, text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) }
    })

const lineOf = (source: Source, position: number): number =>
  source.tree.getLineAndCharacterOfPosition(position).line + 1

const visit = (node: ts.Node, look: (node: ts.Node) => void): void => {
  look(node)
  node.forEachChild((child) => visit(child, look))
}

/** Source files (tests left out) with more than `limit` lines, longest first. */
export const longFiles = (sources: readonly Source[], limit = 400): { file: string; lines: number }[] =>
  sources
    .filter(({ file }) => !isTest(file))
    .map(({ file, text }) => ({ file, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > limit)
    .sort((one, other) => other.lines - one.lines)

/** The longest functions (tests left out), in lines. */
export const longFunctions = (sources: readonly Source[], most = 5): (Found & { lines: number })[] =>
  sources
    .filter(({ file }) => !isTest(file))
    .flatMap((source) => {
      const found: (Found & { lines: number })[] = []
      visit(source.tree, (node) => {
        if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return
        const first = lineOf(source, node.getStart())
        const lines = lineOf(source, node.getEnd()) - first + 1
        const parent = node.parent
        const named =
          node.name ?? (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name : null)
        found.push({ file: source.file, line: first, what: named ? named.getText() : 'anonymous', lines })
      })
      return found
    })
    .sort((one, other) => other.lines - one.lines)
    .slice(0, most)

/** SQL written outside of a room's store, schema, migration or bench: a file that calls the query builder or holds SQL text. */
export const sqlOutsideStores = (sources: readonly Source[]): string[] =>
  sources
    .filter(({ file }) => /^(server|verifier)\/src\//.test(file) && !isTest(file))
    .filter(({ file }) => !/(^|\/)([a-z-]*store|schema|migrate|database-schema)\.ts$|\/store\//.test(file))
    .filter(
      ({ text }) =>
        /\bsql`|\.(select|insert|update|delete)\([^)]*\)\s*\.?(from|values|set|where|\n)/.test(text) ||
        /from 'drizzle-orm'/.test(text),
    )
    .map(({ file }) => file)
    .sort()

type Arrow = readonly [from: string, to: string]
const packageOf = (file: string): string => file.split('/')[0] ?? ''
const roomOf = (file: string): string => {
  const [pack, src, ...rest] = file.split('/')
  return rest.length > 1 ? `${pack}/${rest[0]}` : `${pack}/${src === 'src' ? '.' : src}`
}

/** Import arrows between the folders of one package. */
const arrowsOf = (sources: readonly Source[], pack: string): Arrow[] => {
  const arrows = new Set<string>()
  for (const source of sources) {
    if (packageOf(source.file) !== pack || isTest(source.file) || !source.file.startsWith(`${pack}/src/`)) continue
    for (const statement of source.tree.statements) {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue
      const target = statement.moduleSpecifier
      if (!target || !ts.isStringLiteral(target) || !target.text.startsWith('.')) continue
      const to = roomOf(join(source.file, '..', target.text))
      const from = roomOf(source.file)
      if (from !== to && !from.endsWith('/.')) arrows.add(`${from} ${to}`)
    }
  }
  return [...arrows].map((arrow) => arrow.split(' ') as unknown as Arrow)
}

/**
 * How many arrows must point upward however the rooms are ordered: the arrows against the order that the heuristic of Eades,
 * Lin and Smyth (1993) finds. Zero means that the package has floors.
 */
export const upward = (arrows: readonly Arrow[]): Arrow[] => {
  const rooms = new Set(arrows.flat())
  const left = new Set(rooms)
  const head: string[] = []
  const tail: string[] = []
  const degree = (room: string) => {
    const live = arrows.filter(([from, to]) => left.has(from) && left.has(to))
    return { out: live.filter(([from]) => from === room).length, in: live.filter(([, to]) => to === room).length }
  }
  while (left.size > 0) {
    const all = [...left].map((room) => ({ room, ...degree(room) }))
    const sink = all.find((each) => each.out === 0)
    const origin = all.find((each) => each.in === 0)
    const next = sink ?? origin ?? all.sort((one, other) => other.out - other.in - (one.out - one.in))[0]
    if (!next) break
    if (sink) tail.unshift(next.room)
    else head.push(next.room)
    left.delete(next.room)
  }
  const order = [...head, ...tail]
  return arrows.filter(([from, to]) => order.indexOf(from) > order.indexOf(to))
}

export const roomsOf = (sources: readonly Source[], pack: string) => {
  const arrows = arrowsOf(sources, pack)
  return {
    rooms: new Set(arrows.flat()).size,
    arrows: arrows.length,
    upward: upward(arrows).map((arrow) => arrow.join(' -> ')),
  }
}

/** Direct dependencies of a package outside of this repository. */
export const dependencies = (root: string, pack: string): string[] => {
  const { dependencies: direct = {} } = JSON.parse(readFileSync(join(root, pack, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
  }
  return Object.keys(direct).filter((name) => !name.startsWith('@veridoor/'))
}

type Form = 'type' | 'function' | 'other'
const formOf = (parent: ts.Node): Form | null => {
  if (ts.isTypeAliasDeclaration(parent) || ts.isInterfaceDeclaration(parent) || ts.isClassDeclaration(parent))
    return 'type'
  if (ts.isFunctionDeclaration(parent) || ts.isMethodDeclaration(parent) || ts.isMethodSignature(parent))
    return 'function'
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent))
    return parent.initializer && (ts.isArrowFunction(parent.initializer) || ts.isFunctionExpression(parent.initializer))
      ? 'function'
      : 'other'
  if (
    ts.isParameter(parent) ||
    ts.isBindingElement(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent)
  )
    return 'other'
  return null
}

/** Declarations whose name is one of the old words, and error classes that do not say so. */
export const oldNamesIn = (sources: readonly Source[]): Found[] =>
  sources
    .filter(({ file }) => !listsWords.test(file))
    .flatMap((source) => {
      const found: Found[] = []
      visit(source.tree, (node) => {
        if (ts.isClassDeclaration(node) && node.name) {
          const base = node.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]
          if (base && /Error$/.test(base.expression.getText()) && !/Error$/.test(node.name.text))
            found.push({ file: source.file, line: lineOf(source, node.getStart()), what: `class ${node.name.text}` })
        }
        if (!ts.isIdentifier(node) || !('name' in node.parent) || node.parent.name !== node) return
        const form = formOf(node.parent)
        if (!form) return
        const word = oldNames.find(({ old, as }) => old === node.text && (as === 'any' || as === form))
        if (word)
          found.push({ file: source.file, line: lineOf(source, node.getStart()), what: `${word.old} (${word.plain})` })
      })
      return found
    })

/** Old sentences in string literals, page text and comments of code, and in the guides. */
export const oldSentencesIn = (files: readonly { file: string; text: string }[]): Found[] =>
  files
    .filter(({ file }) => !listsWords.test(file))
    .flatMap(({ file, text }) =>
      text.split('\n').flatMap((line, index) => {
        // A test that a sentence never appears has to name it.
        if (/not\.toMatch/.test(line)) return []
        const pattern = [...oldSentences, ...(/\.tsx?$/.test(file) ? oldSentencesInCode : [])].find((each) =>
          each.test(line),
        )
        return pattern ? [{ file, line: index + 1, what: pattern.source }] : []
      }),
    )
