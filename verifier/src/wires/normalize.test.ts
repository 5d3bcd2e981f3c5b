import { describe, expect, it } from 'vitest'
import { date, list, normalize, number, object, parseJson, text, time, upper } from './normalize.ts'

const shape = object({
  reference: text,
  workflow: number,
  born: date,
  agreedAt: time,
  country: upper,
  presets: list(object({ index: number, country: upper })),
  web: object({ successUrl: text }),
})
const read = (body: string): unknown => normalize(parseJson(body), shape)

describe('a request as clients write it', () => {
  it('means "not given" by null, emptiness and a zero time', () => {
    for (const nothing of ['null', '""', '"  "', '[]', '{}'])
      for (const member of ['workflow', 'born', 'agreedAt', 'country', 'presets', 'web'])
        expect(read(`{"reference":"r","${member}":${nothing}}`), `${member} ${nothing}`).toEqual({ reference: 'r' })
    expect(read('{"reference":"r","presets":[null]}')).toEqual({ reference: 'r' })
    expect(read('{"reference":"r","born":"0001-01-01"}')).toEqual({ reference: 'r' })
    expect(read('{"reference":"r","web":[],"agreedAt":"0001-01-01T00:00:00.000+00:00"}')).toEqual({ reference: 'r' })
    expect(read('{"reference":"r","web":{"successUrl":""}}')).toEqual({ reference: 'r' })
  })

  it('writes numbers as text and text as numbers', () => {
    expect(read('{"reference":12345,"workflow":"200"}')).toEqual({ reference: '12345', workflow: 200 })
    expect(read('{"reference":true,"workflow":"200.0"}')).toEqual({ reference: 'true', workflow: 200 })
    // No digit of a long reference is lost.
    expect(read('{"reference":12345678901234567890}')).toEqual({ reference: '12345678901234567890' })
    expect(read('{"reference":1.50}')).toEqual({ reference: '1.50' })
  })

  it('writes lists as objects, and one thing for a list of one', () => {
    const presets = [{ index: 1, country: 'AUT' }]
    expect(read('{"presets":{"index":"1","country":"aut"}}')).toEqual({ presets })
    expect(read('{"presets":{"0":{"index":1,"country":"AUT"}}}')).toEqual({ presets })
  })

  it('writes times in any offset', () => {
    expect(read('{"agreedAt":"2026-11-24T11:00:00.123456+01:00"}')).toEqual({ agreedAt: '2026-11-24T10:00:00.123Z' })
    expect(read('{"born":"1990-12-10T00:00:00Z"}')).toEqual({ born: '1990-12-10' })
  })

  it('keeps what it cannot understand, for the schema to name', () => {
    expect(read('{"workflow":"two hundred","reference":{"a":1}}')).toEqual({
      workflow: 'two hundred',
      reference: { a: 1 },
    })
    expect(read('[1,2]')).toEqual([1, 2])
  })

  it('is not hurt by what nests without an end', () => {
    expect(parseJson('['.repeat(500_000))).toBeUndefined()
    const deep = `${'{"web":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    expect(() => normalize(parseJson(deep), shape)).not.toThrow()
  })
})
