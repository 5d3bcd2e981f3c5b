import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StartedFake } from '../conformance/fake-server.ts'
import { adapterOf, newOrder } from '../conformance/subject.ts'
import { broken, ruleNames } from '../conformance.ts'
import { type Order, wordsOf } from '../port.ts'
import { startFakeAlibabaCloud } from './fake/index.ts'
import { alibabaCloud } from './index.ts'
import { mapBizCode, refusedNumber } from './map.ts'

let service: StartedFake
beforeAll(async () => {
  service = await startFakeAlibabaCloud()
})
afterAll(() => service.close())
const subject = () => ({ type: alibabaCloud, service })

describe('Alibaba Cloud Id2MetaVerify', () => {
  for (const name of ruleNames)
    it(name, async () => {
      expect(await broken(name, subject())).toEqual([])
    })

  it('sends name and number, and nothing else of the order', async () => {
    const order = newOrder(alibabaCloud)
    await adapterOf(subject()).start(order)
    const sent = Object.fromEntries(new URLSearchParams(service.opened().at(-1)))
    expect(sent).toEqual({
      ParamType: 'normal',
      UserName: order.claim?.realName,
      IdentifyNum: order.claim?.number,
    })
  })

  it('opens nothing without a claim', async () => {
    const before = service.calls()
    await expect(adapterOf(subject()).start(newOrder())).rejects.toMatchObject({ fault: 'bad_request' })
    expect(service.calls()).toBe(before)
  })

  it('with a wrong secret is refused by the signature', async () => {
    const wrong = {
      ...subject(),
      service: { ...service, config: { ...service.config, accessKeySecret: 'another-secret' } },
    }
    await expect(adapterOf(wrong).start(newOrder(alibabaCloud))).rejects.toMatchObject({ fault: 'credentials_refused' })
  })
})

describe('the mapping', () => {
  const order = newOrder(alibabaCloud) as Order & { claim: NonNullable<Order['claim']> }
  const outcomeOf = (bizCode: unknown) => mapBizCode(bizCode, order.claim, order).outcome

  it('knows three results, as text and as numbers, and leaves every other to a person', () => {
    expect(['1', 1, '2', 2, '3', 3].map(outcomeOf)).toEqual([
      'approved',
      'approved',
      'rejected',
      'rejected',
      'retry',
      'retry',
    ])
    for (const unknown of ['0', '4', '', null, undefined, '1 ', {}, true]) expect(outcomeOf(unknown)).toBe('review')
  })

  it('claims neither a face nor a living person, and explains itself to reviewers', () => {
    for (const bizCode of ['1', '2', '3', '9']) {
      const { checks, staffReasons } = mapBizCode(bizCode, order.claim, order)
      expect([checks.face, checks.liveness]).toEqual(['not_assessed', 'not_assessed'])
      expect(Object.keys(wordsOf(alibabaCloud, staffReasons))).toEqual(staffReasons)
    }
    expect(refusedNumber(order).outcome).toBe('retry')
  })
})
