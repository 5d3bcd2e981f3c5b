import { describe, expect, it } from 'vitest'
import type { DocumentKind } from '../kinds.ts'
import type { ReadContext } from '../reading.ts'
import type { SideReading } from '../sides/read-side.ts'
import { labelledReader } from './reader.ts'

const sharp = { width: 1300, height: 900, sharpness: 900, glareShare: 0, brightness: 150 }
/** A side without an MRZ, as it was read. `pixel` makes the picture another one. */
const side = (lines: readonly string[], pixel: number, change: Partial<SideReading> = {}): SideReading => ({
  quality: sharp,
  boxes: 20,
  mrzRows: 0,
  zone: null,
  viz: { lines, placed: [], ms: 0 },
  picture: { data: new Uint8Array([pixel, 0, 0]), width: 1, height: 1, original: { width: 1, height: 1 } },
  upright: { data: new Uint8Array(3), width: 1, height: 1 },
  area: null,
  ...change,
})
const front = ['ČESKÁ REPUBLIKA', 'OBČANSKÝ PRŮKAZ', 'NOVÁKOVÁ', 'JANA', '12.03.1985', '998877665', 'PRAHA']
const back = ['ADRESA', 'DLOUHÁ 5', 'PRAHA 1', 'VYDAL', 'MAGISTRÁT', '855312/0007', 'SVOBODNÁ']
const read = async (sides: { front: SideReading; back: SideReading | null }, expected?: DocumentKind) => {
  const pictures = { front: [sides.front.picture], ...(sides.back ? { back: [sides.back.picture] } : {}) }
  const reading = await labelledReader.read({
    pictures,
    expected,
    today: new Date('2026-11-24'),
    sides: async () => sides,
  } as unknown as ReadContext)
  if (!reading) throw new Error('no reading')
  return reading
}

describe('a layout that nobody knows', () => {
  it.each(['ID_CARD', 'DRIVING_LICENSE'] as const)(
    'on good pictures of a %s is for a person, not another picture',
    async (kind) => {
      const reading = await read({ front: side(front, 1), back: side(back, 2) }, kind)
      expect([reading.retake, reading.signals]).toEqual([[], ['no_mrz']])
    },
  )

  it.each([
    ['a passport, which has an MRZ', 'PASSPORT', {}],
    ['a picture with part of an MRZ', 'ID_CARD', { mrzRows: 1 }],
    ['a blurred picture', 'ID_CARD', { quality: { ...sharp, sharpness: 5 } }],
    ['a picture of almost nothing', 'ID_CARD', { boxes: 1 }],
  ] as const)('is asked for again where another picture can help: %s', async (_name, kind, change) => {
    const reading = await read({ front: side(front, 1), back: side(back, 2, change) }, kind)
    expect(reading.retake.length).toBeGreaterThan(0)
  })

  it('is asked for its back where that is missing', async () => {
    expect((await read({ front: side(front, 1), back: null }, 'ID_CARD')).retake).not.toEqual([])
  })
})

describe('one picture as front and back', () => {
  it.each([
    ['of an unknown card', front],
    ['of a licence', ['DRIVING LICENCE', ...front]],
    ['with hardly any print', ['A', 'B']],
  ])('%s is the wrong page, whatever the document is', async (_name, lines) => {
    const reading = await read({ front: side(lines, 1), back: side(lines, 1) }, 'ID_CARD')
    expect([reading.retake, reading.retakeSide]).toEqual([['wrong_page'], 'back'])
  })

  it('in two photographs of one side, too', async () => {
    const reading = await read({ front: side(front, 1), back: side(front, 2) }, 'ID_CARD')
    expect(reading.retake).toEqual(['wrong_page'])
  })
})
