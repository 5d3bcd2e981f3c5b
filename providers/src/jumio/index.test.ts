import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adapterOf, findingOf } from '../conformance/subject.ts'
import { broken, ruleNames } from '../conformance.ts'
import { sample } from './fake/generation.ts'
import { type FakeJumio, startFakeJumio } from './fake/index.ts'
import { jumio } from './index.ts'

for (const generation of ['v4', 'platform'] as const)
  describe(`Jumio ${generation}`, () => {
    let service: FakeJumio
    beforeAll(async () => {
      service = await startFakeJumio(generation)
    })
    afterAll(() => service.close())

    for (const name of ruleNames)
      it(name, async () => {
        expect(await broken(name, { type: jumio, service })).toEqual([])
      })

    type Entry = { file: string; expected?: string }
    const { fixtures } = JSON.parse(sample('index.json')) as { fixtures: Entry[] }
    const part = generation === 'v4' ? 'v4/retrieval-data' : 'platform/details'
    for (const { file, expected } of fixtures.filter((entry) => entry.file.startsWith(part) && entry.expected))
      it(`${file} served over HTTP is ${expected}`, async () => {
        service.serve(file)
        const finding = await findingOf(adapterOf({ type: jumio, service }))
        expect(finding?.outcome ?? 'pending').toBe(expected)
      })
  })
