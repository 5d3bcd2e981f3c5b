import { expect, it } from 'vitest'
import { handOverOrigin } from './hand-over-origin.ts'

const network = () => '192.168.1.20'
const localhost = 'http://localhost:8001'

it('a check is handed over at an address that another device can open, or the page says that there is none', () => {
  expect(handOverOrigin({ url: 'https://verify.acme.example' }, network).reach).toBe('anywhere')
  const onlyHere = { origin: localhost, reach: 'this_device' }
  expect(handOverOrigin({ url: localhost }, network)).toEqual(onlyHere)
  expect(handOverOrigin({ url: localhost, listens: { host: '127.0.0.1', port: 8001 } }, network)).toEqual(onlyHere)
  const everywhere = { url: localhost, listens: { host: '0.0.0.0', port: 8001 } }
  expect(handOverOrigin(everywhere, network)).toEqual({ origin: 'http://192.168.1.20:8001', reach: 'network' })
  expect(handOverOrigin(everywhere, () => undefined)).toEqual(onlyHere)
  expect(handOverOrigin({ url: localhost, listens: { host: '10.0.0.7', port: 9 } }, network)).toEqual({
    origin: 'http://10.0.0.7:9',
    reach: 'network',
  })
})
