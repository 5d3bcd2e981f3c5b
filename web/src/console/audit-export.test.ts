import { expect, it, vi } from 'vitest'

vi.mock('../api.ts', () => ({ client: {} }))
const { toCsv, toJsonLines } = await import('./audit-export.ts')

const line = {
  number: 1,
  at: '2026-11-29T12:00:00.000Z',
  organization: 'built-in',
  actor: '=cmd()',
  action: 'sign-in',
  target: 'built-in/ada, "the first"',
  provider: null,
  reference: null,
  before: null,
  after: null,
  reasons: ['name:close'],
  result: 'ok',
  address: '127.0.0.1',
}

it('an export is readable, and no cell of it is run as a formula', () => {
  const [heading, row] = toCsv([line]).split('\r\n')
  expect(heading).toBe(
    'number,at,organization,actor,action,target,provider,reference,before,after,result,reasons,address',
  )
  expect(row).toContain(`'=cmd()`)
  expect(row).toContain('"built-in/ada, ""the first"""')
  expect(row).toContain('signed in')
  expect(row).toContain('The name on the document is close to the claimed one')
  expect(JSON.parse(toJsonLines([line]))).toEqual(line)
})
