import { describe, expect, it } from 'vitest'
import { documentKinds as contractKinds } from '../../../contract/src/documents/index.ts'
import { readDocument, readers } from './index.ts'
import { documentKinds, kindOfMrzCode, mayLackMrz } from './kinds.ts'
import type { DocumentReader, Frames, ReadContext, Reading } from './reading.ts'

const picture = { data: new Uint8Array(3), width: 1, height: 1, original: { width: 1, height: 1 } }
const pictures: ReadContext['pictures'] = { front: [picture] as Frames }
const today = new Date('2026-11-24T00:00:00Z')

/** A library card: a kind that nobody issues, read by a reader of its own. */
const libraryCard: Reading = {
  kind: 'ID_CARD',
  mrz: null,
  fields: { number: { value: '42', confidence: 0.99, sources: ['barcode', 'visual'], sure: true } },
  quality: { width: 1, height: 1, sharpness: 900, glareShare: 0, brightness: 150 },
  retake: [],
  signals: [],
  sides: { front: { picture, upright: picture, area: null }, back: null },
  mrzSide: null,
  isOtherSideCorroborated: true,
  baselineShift: 'not_assessed',
}
const reader = (id: string, answer: Reading | null, asked: string[]): DocumentReader => ({
  id,
  read: async () => {
    asked.push(id)
    return answer
  },
})

describe('the readers of documents', () => {
  it('are asked in order, until one answers', async () => {
    const asked: string[] = []
    const reading = await readDocument({ pictures, today }, [
      reader('first', null, asked),
      reader('library', libraryCard, asked),
      reader('last', null, asked),
    ])
    expect(reading.fields.number?.value).toBe('42')
    expect(asked).toEqual(['first', 'library'])
  })

  it('get what the person said, and read the sides once for all', async () => {
    const contexts: ReadContext[] = []
    const keeping: DocumentReader = {
      id: 'keeping',
      read: async (context) => {
        contexts.push(context)
        return contexts.length === 2 ? libraryCard : null
      },
    }
    await readDocument({ pictures, today, expected: 'ID_CARD' }, [keeping, keeping])
    expect(contexts[0]).toBe(contexts[1])
    expect(contexts[0]).toMatchObject({ expected: 'ID_CARD', today })
  })

  it('end with one that answers for every document', () => {
    expect(readers.map(({ id }) => id)).toEqual(['aamva', 'mrz', 'labelled'])
  })

  it('fail loudly where none answers', async () => {
    await expect(readDocument({ pictures, today }, [])).rejects.toThrow('no reader answered')
  })
})

describe('the kinds that are read', () => {
  it('are those that people can be verified with, and visas', () => {
    const accepted = contractKinds.map(({ id }) => id as string)
    expect(documentKinds.map(({ id }) => id).filter((id) => !accepted.includes(id))).toEqual(['VISA'])
    expect(accepted.filter((id) => !documentKinds.some((kind) => kind.id === id))).toEqual([])
    for (const { id, mrz } of contractKinds) expect(documentKinds.find((kind) => kind.id === id)?.mrz).toBe(mrz)
  })

  it('are told by their document code; a code of none is no kind, and never a passport', () => {
    expect(['P', 'PD', 'V', 'I', 'ID', 'C1', 'AR', 'RP'].map(kindOfMrzCode)).toEqual([
      'PASSPORT',
      'PASSPORT',
      'VISA',
      'ID_CARD',
      'ID_CARD',
      'ID_CARD',
      'ID_CARD',
      'ID_CARD',
    ])
    expect(['', 'X', 'R', 'QP'].map(kindOfMrzCode)).toEqual([null, null, null, null])
  })

  it('say whether another picture could show an MRZ', () => {
    expect([
      mayLackMrz('ID_CARD'),
      mayLackMrz('DRIVING_LICENSE'),
      mayLackMrz('PASSPORT'),
      mayLackMrz(undefined),
    ]).toEqual([true, true, false, false])
  })
})
