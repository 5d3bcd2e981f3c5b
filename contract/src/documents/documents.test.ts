import { describe, expect, it } from 'vitest'
import { DocumentType } from '../identity.ts'
import {
  documentKindOf,
  documentKinds,
  documentTypeLabels,
  documentTypeName,
  documentTypes,
  isDocumentType,
} from './index.ts'

describe('the table of document kinds', () => {
  it('has one entry a kind, complete', () => {
    expect(new Set(documentTypes).size).toBe(documentKinds.length)
    for (const kind of documentKinds) {
      expect(documentKindOf(kind.id)).toBe(kind)
      expect(kind.sides[0]).toBe('front')
      expect(kind.specimenNumberLength).toBeGreaterThan(0)
      expect([kind.name, kind.evidenceType, documentTypeLabels[kind.id]].every((text) => text.length > 0)).toBe(true)
    }
    for (const key of ['name', 'evidenceType'] as const)
      expect(new Set(documentKinds.map((kind) => kind[key])).size).toBe(documentKinds.length)
  })

  it('knows each word of Casdoor as one kind', () => {
    for (const { id, casdoor } of documentKinds) {
      const matching = documentKinds.filter((kind) => kind.casdoor.spellings.test(casdoor.word))
      expect(matching.map((kind) => kind.id)).toEqual([id])
    }
  })

  it.each(['', 'VISA', 'passport', 'LIBRARY_CARD', null, undefined])(
    '%j names no kind, and never a passport',
    (text) => {
      expect(isDocumentType(text)).toBe(false)
      expect(DocumentType.safeParse(text).success).toBe(false)
      if (text) expect(documentTypeName(text)).toBe(text)
    },
  )
})
