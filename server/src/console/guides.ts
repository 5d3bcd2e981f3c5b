import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Marked } from 'marked'
import { toHtml } from '../oidc/index.ts'
import { docsPage } from './docs-layout.ts'

const FOLDER = fileURLToPath(new URL('../../../docs/guides', import.meta.url))

/** A guide as it is served: `slug` is its address below `/docs/guides`. */
export type Guide = { readonly slug: string; readonly title: string; readonly html: string }

/** Where a link of a guide leads on this server: another guide, an address of this server, or a web page. Undefined for all else. */
const targetOf = (href: string): string | undefined => {
  if (/^#[\w-]*$/.test(href)) return href
  const [, slug, fragment = ''] = /^(?:\.\/)?([a-z\d-]+)\.md(#[\w-]*)?$/.exec(href) ?? []
  if (slug) return `/docs/guides/${slug}${fragment}`
  if (/^\/(?![/\\])/.test(href)) return href
  return /^https:\/\//i.test(href) && URL.canParse(href) ? href : undefined
}

const anchorOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .replaceAll(/^-|-$/g, '')

/** HTML in a guide is shown as text, and a link that leads nowhere known is its text: what is served has only the tags made here. */
const markdown = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => toHtml(text),
    image: ({ text }) => toHtml(text),
    heading({ tokens, depth, text }) {
      return `<h${depth} id="${anchorOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`
    },
    link({ href, tokens }) {
      const target = targetOf(href)
      const text = this.parser.parseInline(tokens)
      return target === undefined ? text : `<a href="${toHtml(target)}">${text}</a>`
    },
  },
})

/** A text in Markdown as HTML that is safe to serve. */
export const renderMarkdown = (text: string): string => markdown.parse(text, { async: false })

const readGuide = (file: string): Guide => {
  const text = readFileSync(join(FOLDER, file), 'utf8')
  const slug = file.replace(/\.md$/, '')
  return { slug, title: /^# (.+)$/m.exec(text)?.[1] ?? slug, html: renderMarkdown(text) }
}

let guides: readonly Guide[] | undefined

/** All guides of the repository, by title. Read once: they change with the version of the server. */
export const loadGuides = (): readonly Guide[] => {
  guides ??= (existsSync(FOLDER) ? readdirSync(FOLDER) : [])
    .filter((file) => /^[a-z\d-]+\.md$/.test(file))
    .map(readGuide)
    .toSorted((a, b) => a.title.localeCompare(b.title))
  return guides
}

export const guideListPage = (): string => {
  const items = loadGuides().map(({ slug, title }) => `<li><a href="/docs/guides/${slug}">${toHtml(title)}</a></li>`)
  return docsPage('Guides', `<h1>Guides</h1><ul>${items.join('')}</ul>`)
}

export const guidePage = ({ title, html }: Guide): string => docsPage(title, html)
