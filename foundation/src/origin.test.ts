import { expect, it } from 'vitest'
import { isCrossOrigin } from './origin.ts'

it('only the configured origin is ours, whatever the request says of its host', () => {
  const url = 'https://id.example.com'
  expect(isCrossOrigin({ origin: 'https://id.example.com' }, url)).toBe(false)
  for (const headers of [
    { origin: 'http://id.example.com', host: 'id.example.com' },
    { origin: 'http://evil.example', host: 'evil.example' },
    { origin: 'https://id.example.com:8443' },
    { origin: 'https://id.example.com.evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:443', host: 'localhost:443' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])
    expect(isCrossOrigin(headers, url), JSON.stringify(headers)).toBe(true)
})

it('on this machine the names of this machine are one place, at one port', () => {
  const url = 'http://localhost:8000'
  for (const origin of ['http://localhost:8000', 'http://127.0.0.1:8000', 'http://[::1]:8000'])
    expect(isCrossOrigin({ origin }, url), origin).toBe(false)
  for (const origin of [
    'http://localhost:8001',
    'https://localhost:8000',
    'http://rebind.example:8000',
    'http://10.0.0.1:8000',
  ])
    expect(isCrossOrigin({ origin, host: new URL(origin).host }, url), origin).toBe(true)
})

it('a program, which says nothing of a site, is not refused', () => {
  expect(isCrossOrigin({}, 'https://id.example.com')).toBe(false)
  expect(isCrossOrigin({ 'sec-fetch-site': 'none' }, 'https://id.example.com')).toBe(false)
})
