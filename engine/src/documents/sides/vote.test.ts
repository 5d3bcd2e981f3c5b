import { describe, expect, it } from 'vitest'
import { findLayout } from '../mrz/formats.ts'
import { parseMrz } from '../mrz/parse.ts'
import type { SideReading } from './read-side.ts'
import { voteCharacter, voteSide } from './vote.ts'

const today = new Date('2026-11-24T00:00:00Z')
const truth = ['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F3204159<<<<<<<4']

/** A frame as read: `hidden` characters came out wrong and without confidence. */
const frame = (hidden: { line: number; column: number; as: string }[], of: readonly string[] = truth): SideReading => {
  const lines = of.map((text, line) =>
    [...text]
      .map((letter, column) => hidden.find((at) => at.line === line && at.column === column)?.as ?? letter)
      .join(''),
  )
  const layout = findLayout(lines)
  if (!layout) throw new Error('no layout')
  const whole = lines.map((_value, line) => hidden.every((at) => at.line !== line))
  return {
    quality: { width: 1300, height: 900, sharpness: 900, glareShare: 0, brightness: 150 },
    boxes: 20,
    mrzRows: 2,
    zone: {
      zone: {
        layout,
        lines,
        confidences: lines.map((text, line) =>
          [...text].map((_value, column) =>
            hidden.some((at) => at.line === line && at.column === column) ? 0.3 : 0.99,
          ),
        ),
        slants: [],
        whole,
        minConfidence: hidden.length > 0 ? 0.3 : 0.99,
      },
      parsed: parseMrz(layout, lines, today),
      secondReadings: lines.map((line) => [line]),
      stable: whole,
    },
    viz: { lines: [of[0]?.slice(5, 13) ?? ''], placed: [], ms: 0 },
    picture: { data: new Uint8Array(3), width: 1, height: 1, original: { width: 1, height: 1 } },
    upright: { data: new Uint8Array(3), width: 1, height: 1 },
    area: null,
  }
}

describe('a vote over characters', () => {
  it('goes with the clear ones, however many unclear ones say something else', () => {
    expect(
      voteCharacter([
        { letter: 'N', confidence: 0.98 },
        { letter: 'H', confidence: 0.3 },
      ]).letter,
    ).toBe('N')
    const divided = voteCharacter([
      { letter: 'O', confidence: 0.9 },
      { letter: '0', confidence: 0.95 },
    ])
    expect(divided.letter).toBe('0')
    // Two clear readings that differ are no agreement: far below what a sure field needs.
    expect(divided.confidence).toBeLessThan(0.6)
  })
})

describe('several pictures of one side', () => {
  it('make a zone whole that no single one of them shows whole', () => {
    const first = frame([{ line: 0, column: 6, as: 'B' }])
    const second = frame([{ line: 1, column: 14, as: '1' }])
    const voted = voteSide([first, second], today)
    expect(voted.zone?.zone.lines).toEqual(truth)
    expect(voted.zone?.zone.whole).toEqual([true, true])
    expect(voted.zone?.stable).toEqual([true, true])
    expect(voted.zone?.parsed.checkDigitsValid).toBe(first.zone?.parsed.checkDigits.composite)
  })

  it('lock no line that none of them read so by itself', () => {
    const voted = voteSide(
      [
        frame([{ line: 0, column: 6, as: 'B' }]),
        frame([{ line: 0, column: 8, as: 'X' }]),
        frame([{ line: 0, column: 11, as: 'Q' }]),
      ],
      today,
    )
    expect(voted.zone?.zone.lines).toEqual(truth)
    expect(voted.zone?.stable).toEqual([false, true])
  })

  it('that show two documents count for one of them only, print and portrait too', () => {
    const other = ['I<UTOLOVELACE<<ADA<<<<<<<<<<<<<<<<<<', 'L898902136UTO9012102F3104158<<<<<<<6']
    const own = frame([])
    const foreign = frame([], other)
    const voted = voteSide([foreign, own, frame([{ line: 0, column: 6, as: 'B' }])], today)
    expect(voted.zone?.zone.lines).toEqual(truth)
    expect(voted.picture).toBe(own.picture)
    expect(voted.viz.lines).not.toContain('LOVELACE')
    expect(voted.isMixed).toBe(true)
    expect(voteSide([own, frame([{ line: 0, column: 6, as: 'B' }])], today).isMixed).toBe(false)
  })

  it('without a zone are not read together: nothing says that they show one document', () => {
    const plain = (line: string, sharpness: number): SideReading => {
      const { zone: _zone, ...side } = frame([])
      return { ...side, zone: null, quality: { ...side.quality, sharpness }, viz: { ...side.viz, lines: [line] } }
    }
    const voted = voteSide([plain('ERIKSSON', 100), plain('LOVELACE', 900)], today)
    expect(voted.viz.lines).toEqual(['LOVELACE'])
  })
})
