import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { PassThrough } from 'node:stream'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  createEnvelopeCipher,
  createLog,
  createOutboundFetch,
  DecryptionError,
  decryptBytes,
  encryptBytes,
  newReference,
  Personal,
  readKeys,
  readSwitch,
  Secret,
  timingSafeEqualText,
} from './index.ts'

describe('sealed values', () => {
  const old = randomBytes(32)
  const cipher = createEnvelopeCipher([old])

  it('open in their own row only, and not when altered', () => {
    const sealed = cipher.encrypt('the secret', 'row 1')
    expect(cipher.decrypt(sealed, 'row 1')).toBe('the secret')
    expect(() => cipher.decrypt(sealed, 'row 2')).toThrow(DecryptionError)
    const parts = sealed.split('.')
    parts[3] = `${(parts[3] as string).startsWith('A') ? 'B' : 'A'}${(parts[3] as string).slice(1)}`
    expect(() => cipher.decrypt(parts.join('.'), 'row 1')).toThrow(DecryptionError)
    expect(cipher.encrypt('the secret', 'row 1')).not.toBe(sealed)
  })

  it('survive a new key, and say that they are stale', () => {
    const sealed = cipher.encrypt('x', 'row')
    const rotated = createEnvelopeCipher([randomBytes(32), old])
    expect(rotated.decrypt(sealed, 'row')).toBe('x')
    expect(rotated.isStale(sealed)).toBe(true)
    expect(rotated.isStale(rotated.encrypt('x', 'row'))).toBe(false)
    expect(() => createEnvelopeCipher([randomBytes(32)]).decrypt(sealed, 'row')).toThrow(DecryptionError)
    expect(Buffer.from(rotated.derive('p')).equals(Buffer.from(cipher.derive('p')))).toBe(true)
  })

  it('as bytes are bound to their name', () => {
    const key = randomBytes(32)
    const sealed = encryptBytes(key, Buffer.from('picture'), 'a:front')
    expect(decryptBytes(key, sealed, 'a:front').toString()).toBe('picture')
    expect(() => decryptBytes(key, sealed, 'b:front')).toThrow(DecryptionError)
  })
})

describe('the log', () => {
  it('has no way for a person’s data or an error’s words', () => {
    const lines: string[] = []
    const sink = new PassThrough()
    sink.on('data', (chunk: Buffer) => lines.push(chunk.toString()))
    const log = createLog('test', sink as never)
    log.error('thing.failed', {
      id: '1',
      error: new Error('Ada Lovelace L898902C3', { cause: new Error('secret cause') }),
    })
    const text = lines.join('')
    expect(text).toContain('thing.failed')
    expect(text).not.toMatch(/Lovelace|L898902C3|secret cause/)
  })

  it('and hidden values print as hidden everywhere', () => {
    for (const hidden of [new Secret('s3cret'), new Personal('Ada')]) {
      expect(`${hidden}${JSON.stringify({ hidden })}${inspect(hidden)}`).not.toMatch(/s3cret|Ada/)
      expect(['s3cret', 'Ada']).toContain(hidden.reveal())
    }
  })
})

describe('calls to the outside', () => {
  const codeOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work
      return 'went through'
    } catch (error) {
      for (let at: unknown = error; at instanceof Error; at = at.cause)
        if ((at as { code?: string }).code?.endsWith('_NOT_ALLOWED')) return (at as { code?: string }).code as string
      return (error as Error).name
    }
  }
  const strict = createOutboundFetch({ allow: [], loopback: false })

  it('reach no private address, by number, by name or by plain http', async () => {
    for (const url of [
      'https://127.0.0.1/',
      'https://10.1.2.3/',
      'https://169.254.169.254/latest',
      'https://[::1]/',
      'https://[::ffff:10.0.0.1]/',
      'https://0.0.0.0/',
    ])
      expect(await codeOf(strict(url)), url).toBe('ADDRESS_NOT_ALLOWED')
    expect(await codeOf(strict('https://localhost:8443/'))).toBe('ADDRESS_NOT_ALLOWED')
    expect(await codeOf(strict('http://example.com/'))).toBe('SCHEME_NOT_ALLOWED')
    expect(await codeOf(strict('file:///etc/passwd'))).toBe('SCHEME_NOT_ALLOWED')
  })

  it('reach this machine where the operator or the default allows it, and follow no redirect', async () => {
    const server = createServer((_request, response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const near = createOutboundFetch({ allow: [], loopback: true })
    expect((await near(`http://127.0.0.1:${port}/`)).status).toBe(302)
    expect((await near(`http://localhost:${port}/`)).status).toBe(302)
    const allowed = createOutboundFetch({ allow: ['127.0.0.0/8'], loopback: false })
    expect((await allowed(`http://127.0.0.1:${port}/`)).status).toBe(302)
    server.close()
  })
})

describe('settings and tokens', () => {
  it('say which setting is wrong, without its value', () => {
    expect(() => readKeys('VERIDOOR_KEY', 'c2hvcnQ=')).toThrow('VERIDOOR_KEY must be 32 bytes')
    expect(() => readSwitch('X', 'maybe', true)).toThrow('X must be on or off')
    expect(readSwitch('X', 'off', true)).toBe(false)
  })

  it('references are short and easy to read out', () => {
    for (let tries = 0; tries < 50; tries += 1)
      expect(newReference()).toMatch(/^VD-[2-9BCDFGHJKMNPQRSTVWXYZ]{4}-[2-9BCDFGHJKMNPQRSTVWXYZ]{4}$/)
    expect(timingSafeEqualText('a', 'a')).toBe(true)
    expect(timingSafeEqualText('a', 'b')).toBe(false)
  })
})
