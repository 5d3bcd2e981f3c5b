import type { Assessment } from '@veridoor/engine'
import { describe, expect, it } from 'vitest'
import { decide } from './decide.ts'
import type { Client, Session } from './schema.ts'

const quality = { width: 1300, height: 900, sharpness: 900, glareShare: 0, brightness: 150 }
const field = (value: string) => ({
  value,
  confidence: 0.99,
  sources: ['mrz', 'mrz_second_reader'] as const,
  sure: true,
})
const fields = {
  documentCode: field('P'),
  issuingCountry: field('IND'),
  lastName: field('RAHIMI'),
  firstName: field('AHMADI'),
  number: field('J12345678'),
  dateOfBirth: field('1990-01-12'),
  expiry: field('2031-04-15'),
  nationality: field('IND'),
  sex: field('M'),
}

const assessmentOf = (without: keyof typeof fields, isKnownEmpty: boolean): Assessment => {
  const { [without]: _left, ...rest } = fields
  return {
    document: {
      kind: 'PASSPORT',
      mrz: { format: 'TD3', lines: [], checkDigits: {}, checkDigitsValid: true, agreed: true, minConfidence: 0.99 },
      fields: rest,
      ...(isKnownEmpty ? { absent: [without] } : {}),
      quality,
      retake: isKnownEmpty ? [] : ['data_unreadable'],
      signals: isKnownEmpty ? [] : ['single_reading'],
      portraitWidth: 200,
      ms: 1,
    },
    selfie: null,
    face: null,
    liveness: 'not_assessed',
    hashes: { front: null, back: null, selfie: null },
    copies: { colourless: 'not_found', screenPattern: 'not_assessed', baselineShift: 'not_assessed' },
    verdict: 'pass',
    ms: 1,
  }
}
const session = {
  choice: { country: 'IND', type: 'PASSPORT' },
  preset: null,
  workflowId: 100,
  sides: { front: { state: 'accepted' }, back: { state: 'missing' }, selfie: { state: 'missing' } },
} as unknown as Session
const client = { acceptedCountries: null, acceptedTypes: null, liveness: 'optional' } as unknown as Client

describe('a field that the document leaves empty', () => {
  it.each(['lastName', 'firstName', 'dateOfBirth'] as const)('%s is left out, and the document is read', (name) => {
    const verdict = decide(session, client, assessmentOf(name, true), false)
    expect(verdict).toMatchObject({ outcome: 'read', isIncomplete: false, signals: [] })
    expect(verdict.outcome === 'read' && name in verdict.fields).toBe(false)
  })

  it.each(['lastName', 'dateOfBirth'] as const)('%s that could not be read is for a person', (name) => {
    expect(decide(session, client, assessmentOf(name, false), false)).toMatchObject({ outcome: 'review' })
  })
})
