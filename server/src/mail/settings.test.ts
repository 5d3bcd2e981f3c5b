import { describe, expect, it } from 'vitest'
import { readSmtp } from './settings.ts'

const MAIL_FROM = 'Acme <no-reply@example.com>'

describe('the mail server in the environment', () => {
  it('left out, there is none', () => {
    expect(readSmtp({})).toBeUndefined()
    expect(readSmtp({ MAIL_FROM })).toBeUndefined()
  })

  it('is encrypted on the way to another machine, whichever way it is written', () => {
    const direct = readSmtp({ SMTP_URL: 'smtps://u%40x:p%2Fw@mail.example.com', MAIL_FROM })
    expect(direct).toMatchObject({
      host: 'mail.example.com',
      port: 465,
      implicitTls: true,
      requireTls: true,
      user: 'u@x',
    })
    expect(direct?.password?.reveal()).toBe('p/w')
    const upgraded = readSmtp({ SMTP_URL: 'smtp://mail.example.com', MAIL_FROM })
    expect(upgraded).toMatchObject({ port: 587, implicitTls: false, requireTls: true, user: undefined })
    expect(readSmtp({ SMTP_URL: 'smtp://127.0.0.1:25', MAIL_FROM })).toMatchObject({ port: 25, requireTls: false })
    expect(readSmtp({ SMTP_URL: 'smtp://relay', SMTP_TLS: 'off', MAIL_FROM })).toMatchObject({ requireTls: false })
    expect(readSmtp({ SMTP_URL: 'smtps://relay', SMTP_TLS: 'off', MAIL_FROM })).toMatchObject({ requireTls: true })
  })

  it('written wrongly, says so without quoting the password', () => {
    for (const env of [
      { SMTP_URL: 'mail.example.com', MAIL_FROM },
      { SMTP_URL: 'http://u:hush@mail.example.com', MAIL_FROM },
      { SMTP_URL: 'smtps://u:hush@mail.example.com' },
      { SMTP_URL: 'smtps://u:hush@mail.example.com', MAIL_FROM: 'a@x.example, b@x.example' },
      { SMTP_URL: 'smtps://u:hush@mail.example.com', MAIL_FROM: 'Acme\r\nBcc: all@x.example <a@x.example>' },
    ]) {
      expect(() => readSmtp(env)).toThrow(/SMTP_URL must|MAIL_FROM must/)
      expect(() => readSmtp(env)).not.toThrow(/hush/)
    }
  })

  it('is greeted with a name that other machines know this one by', () => {
    const SMTP_URL = 'smtps://mail.example.com'
    const nameFor = (env: Record<string, string>) => readSmtp({ SMTP_URL, MAIL_FROM, ...env })?.ehloName
    expect(nameFor({ VERIDOOR_URL: 'https://id.example.com:8443' })).toBe('id.example.com')
    expect(nameFor({ VERIDOOR_URL: 'https://203.0.113.7' })).toBe('[203.0.113.7]')
    expect(nameFor({ VERIDOOR_URL: 'https://[2001:db8::1]' })).toBe('[IPv6:2001:db8::1]')
    expect(nameFor({ VERIDOOR_URL: 'http://localhost:8000' })).toBeUndefined()
    expect(nameFor({})).toBeUndefined()
    expect(nameFor({ VERIDOOR_URL: 'https://id.example.com', SMTP_EHLO_NAME: 'out.example.com' })).toBe(
      'out.example.com',
    )
    for (const SMTP_EHLO_NAME of ['two words', 'a\r\nMAIL FROM:<x>', '-x.example', 'x..y'])
      expect(() => nameFor({ SMTP_EHLO_NAME }), SMTP_EHLO_NAME).toThrow('SMTP_EHLO_NAME')
  })
})
