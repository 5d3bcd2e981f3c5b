import { describe, expect, it } from 'vitest'
import { type Email, htmlOf, textOf } from './email.ts'

const letter: Email = {
  subject: 'A new password',
  sender: 'Acme & Sons <script>alert(1)</script>',
  before: ['Somebody asked for it.'],
  action: { text: 'Choose it', url: 'https://id.example.com/reset-password#a"b' },
  code: '123456',
  after: ['Ignore it if it was not you.'],
}

describe('a letter', () => {
  it('says the same in plain text and in HTML', () => {
    for (const word of ['Somebody asked for it.', '123456', 'Choose it', 'Ignore it if it was not you.']) {
      expect(textOf(letter)).toContain(word)
      expect(htmlOf(letter)).toContain(word)
    }
    expect(textOf(letter)).toContain('https://id.example.com/reset-password#a"b')
  })

  it('takes nothing as markup, and fetches nothing when it is opened', () => {
    const html = htmlOf(letter)
    expect(html).not.toContain('<script>')
    expect(html).toContain('Acme &amp; Sons &lt;script&gt;')
    expect(html).toContain('href="https://id.example.com/reset-password#a&quot;b"')
    expect(html).not.toMatch(/<img|src=|url\(/)
  })
})
