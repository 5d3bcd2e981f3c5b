import { readFileSync } from 'node:fs'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type {
  AccountRequest,
  AccountResponse,
  DataResponse,
  Execution,
  InitiateRequest,
  Judgement,
  JumioErrorCode,
  Outcome,
  Picture,
  PlatformClient,
  ReasonCode,
  V4Client,
} from './index.ts'
import * as everything from './index.ts'

const { JumioError, jumioErrorCodes, reasonSentences, redirectErrorOf } = everything
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

describe('the types of the package', () => {
  it('an error’s code is one of a closed union, so that a switch over it can be complete', () => {
    expectTypeOf<everything.JumioError['code']>().toEqualTypeOf<JumioErrorCode>()
    expectTypeOf<JumioErrorCode>().toEqualTypeOf<(typeof jumioErrorCodes)[number]>()
    expectTypeOf<'no_such_code'>().not.toExtend<JumioErrorCode>()
    expectTypeOf<everything.JumioError>().toExtend<Error>()
    expectTypeOf<everything.JumioError['trackingId']>().toEqualTypeOf<string | undefined>()
    // @ts-expect-error a code of one's own is none
    new JumioError('no_such_code')
  })

  it('what a call needs and gives', () => {
    expectTypeOf<V4Client['initiate']>().parameter(0).toEqualTypeOf<InitiateRequest>()
    expectTypeOf<V4Client['data']>().returns.resolves.toEqualTypeOf<DataResponse>()
    expectTypeOf<V4Client['image']>().parameter(1).toEqualTypeOf<'front' | 'back' | 'face'>()
    expectTypeOf<V4Client['image']>().returns.resolves.toEqualTypeOf<Picture>()
    expectTypeOf<PlatformClient['createAccount']>().parameters.toEqualTypeOf<[AccountRequest]>()
    expectTypeOf<PlatformClient['createAccount']>().returns.resolves.toEqualTypeOf<AccountResponse>()
    expectTypeOf<PlatformClient['details']>().parameters.toEqualTypeOf<[Execution]>()
    expectTypeOf<PlatformClient['report']>().returns.resolves.toEqualTypeOf<Uint8Array>()
    expectTypeOf<{ customerInternalReference: string }>().not.toExtend<InitiateRequest>()
    expectTypeOf<{ customerInternalReference: 'a'; userReference: 'b'; workflowId: 200 }>().toExtend<InitiateRequest>()
  })

  it('values of the wire may grow, verdicts of ours may not', () => {
    expectTypeOf<DataResponse['document']['status']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Judgement['outcome']>().toEqualTypeOf<Outcome>()
    expectTypeOf<Outcome>().toEqualTypeOf<'approved' | 'rejected' | 'retry' | 'expired' | 'review' | 'pending'>()
    expectTypeOf(reasonSentences).toExtend<Readonly<Record<ReasonCode, { person: string; staff: string }>>>()
    expectTypeOf(everything.capabilityDataOf<'watchlistScreening'>)
      .returns.items.toHaveProperty('searchResults')
      .toEqualTypeOf<number | null | undefined>()
  })
})

describe('the documentation', () => {
  const functions = Object.entries(everything)
    .filter(([, value]) => typeof value === 'function' && !('safeParse' in value))
    .map(([name]) => name)

  it('shows every public function in use', () => {
    expect(functions.length).toBeGreaterThan(25)
    for (const name of functions) expect(readme, name).toMatch(new RegExp(`\\b${name}\\b`))
  })

  it('shows every method of both clients, and every code of an error', () => {
    const options = { token: 'a', secret: 'b', userAgent: 'Acme Shop/1.0' }
    const v4 = everything.createV4Client({ baseUrl: 'https://netverify.com', ...options })
    const platform = everything.createPlatformClient({ hosts: everything.hostsOfRegion('us'), ...options })
    for (const name of [...Object.keys(v4), ...Object.keys(platform)]) expect(readme, name).toContain(`jumio.${name}(`)
    for (const code of jumioErrorCodes) expect(readme).toContain(`\`${code}\``)
  })
})

describe('the error of a return address', () => {
  it('says what to do, for a code of tomorrow too, and nothing without one', () => {
    expect(redirectErrorOf('9835')?.advice).toBe('start_anew')
    expect(redirectErrorOf('9822')?.advice).toBe('other_browser')
    for (const code of ['1', 'constructor', '<b>']) expect(redirectErrorOf(code)?.advice).toBe('try_again')
    expect(redirectErrorOf(undefined)).toBeUndefined()
  })
})

describe('a reference', () => {
  it('that is an e-mail address is refused before anything is sent, in either generation', () => {
    const email = 'ada@example.com'
    const refused = (call: () => unknown) => expect(call).toThrow(JumioError)
    refused(() => everything.checkInitiate({ customerInternalReference: 'case', userReference: email }, false))
    refused(() => everything.checkInitiate({ customerInternalReference: email, userReference: 'p' }, false))
    const workflowDefinition = { key: 10164 }
    refused(() => everything.checkAccount({ customerInternalReference: email, workflowDefinition }, false))
    const kept = { customerInternalReference: 'case@home', userReference: 'p-1' }
    expect(everything.checkInitiate(kept, false)).toEqual(kept)
  })
})
