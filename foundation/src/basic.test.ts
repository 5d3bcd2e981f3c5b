import { expect, it } from 'vitest'
import { readBasic } from './basic.ts'

const header = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

it('a Basic header is split at its first colon, and nothing else is one', () => {
  expect(readBasic(header('acme:a:b%3A'))).toEqual({ user: 'acme', password: 'a:b%3A' })
  expect(readBasic(header('acme:').replace('Basic', 'bASIC'))).toEqual({ user: 'acme', password: '' })
  for (const other of [
    undefined,
    '',
    'Basic',
    'Basic ',
    'Basic !!!',
    header('acme'),
    'Bearer YTpi',
    `${header('a:b')} x`,
  ])
    expect(readBasic(other), String(other)).toBeUndefined()
})
