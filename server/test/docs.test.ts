import { readdirSync } from 'node:fs'
import { api } from '@veridoor/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderMarkdown } from '../src/console/guides.ts'
import { startServer, type TestServer } from './harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer('docs')
})
afterAll(() => server?.stop())

const get = (url: string) => server.app.inject({ url, headers: { accept: 'text/html' } })
const articles = (html: string) => [...html.matchAll(/<article id="([\w.]+)"/g)].map(([, id]) => id)

describe('the reference of the API', () => {
  const endpoints = Object.entries(api).flatMap(([group, calls]) =>
    Object.keys(calls).map((name) => `${group}.${name}`),
  )

  it('has every endpoint once, with a sentence about it, its fields, and the scope that a key needs', async () => {
    const page = await get('/docs')
    expect(page.headers['content-type']).toContain('text/html')
    expect(articles(page.body).toSorted()).toEqual(endpoints.toSorted())
    expect(page.body.includes('</h3><p></p>')).toBe(false)
    const list = page.body.slice(page.body.indexOf('<article id="users.list"'))
    expect(list.slice(0, list.indexOf('</article>'))).toMatch(/users:read.*cursor.*search/s)
  })

  it('finds by path, scope and field, all words of a search, in any case; nothing is an empty list', async () => {
    const found = async (q: string) => articles((await get(`/docs?q=${encodeURIComponent(q)}`)).body)
    expect(await found('WEBHOOKS:write')).toEqual(expect.arrayContaining(['webhooks.create', 'webhooks.test']))
    expect(await found('audit:read get')).toEqual(expect.arrayContaining(['audit.list']))
    expect(await found('redirectUris')).toEqual(expect.arrayContaining(['applications.create', 'applications.update']))
    expect(await found('no-such-word')).toEqual([])
  })

  it('shows what was searched as text, however long or odd it is', async () => {
    const page = await get(`/docs?q=${encodeURIComponent('"><script>alert(1)</script>')}&q=two`)
    expect(page.statusCode).toBe(200)
    expect((await get(`/docs?q=${encodeURIComponent('"><script>alert(1)</script>')}`)).body).not.toContain('<script')
    expect((await get(`/docs?q=${'x'.repeat(5_000)}`)).body).not.toContain('x'.repeat(101))
    expect((await get('/docs?q=%00')).statusCode).toBeLessThan(500)
  })
})

describe('the guides', () => {
  it('are all served, listed by their titles, with links that lead to pages that exist', async () => {
    const files = readdirSync(new URL('../../docs/guides', import.meta.url)).filter((file) => file.endsWith('.md'))
    const list = (await get('/docs/guides')).body
    for (const file of files) {
      const address = `/docs/guides/${file.replace(/\.md$/, '')}`
      expect(list).toContain(`href="${address}"`)
      const page = await get(address)
      expect(page.statusCode, address).toBe(200)
      expect(page.body).toMatch(/<h1 id="/)
      for (const [, target] of page.body.matchAll(/href="(\/docs\/[^"#]*)/g))
        expect((await get(target ?? '')).statusCode, target).toBe(200)
    }
  })

  it('that do not exist, and paths that leave the folder, are not found', async () => {
    for (const path of ['none', '..%2F..%2FREADME', '%2e%2e', 'api.md', '%00'])
      expect((await get(`/docs/guides/${path}`)).statusCode, path).toBe(path === '%00' ? 400 : 404)
  })

  it('cannot bring tags, scripts or addresses of another kind into a page', () => {
    const html = renderMarkdown(
      [
        '# A <b>title</b>',
        '<script>alert(1)</script>',
        'text <img src=x onerror=alert(1)> [run](javascript:alert(1)) [data](data:text/html,x) [double](//evil.example)',
        '![picture](https://evil.example/x.png) [fine](webhooks.md#events) [web](https://example.com/?a="b")',
        '[back](/\\evil.example)',
        '`<script>`',
      ].join('\n\n'),
    )
    expect(html).not.toMatch(/<(script|img|b)\b|javascript:|data:|href="\/[/\\]|evil\.example"/i)
    expect(html).toContain('href="/docs/guides/webhooks#events"')
    expect(html).toContain('href="https://example.com/')
  })
})
