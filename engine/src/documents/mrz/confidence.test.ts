import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ownModel, readText } from '../../models.ts'
import { calibrate, calibrated } from './confidence.ts'
import { layouts } from './formats.ts'

type Card = { sha256: string; bytes: number; confidence: { temperature: number } }
const card = JSON.parse(readText(ownModel('mrz-ocrb.json'))) as Card

describe("the recogniser's card", () => {
  it('belongs to the file beside it, which is at most 1 MB', () => {
    const file = readFileSync(ownModel('mrz-ocrb.onnx'))
    expect(createHash('sha256').update(file).digest('hex')).toBe(card.sha256)
    expect(file.length).toBe(card.bytes)
    expect(file.length).toBeLessThanOrEqual(1_000_000)
  })
})

describe('confidence', () => {
  it('keeps its order, its ends and an even chance', () => {
    expect(calibrate(0)).toBe(0)
    expect(calibrate(1)).toBe(1)
    expect(calibrate(0.5)).toBeCloseTo(0.5, 10)
    const said = [0.1, 0.4, 0.7, 0.9, 0.99].map(calibrate)
    expect(said).toEqual([...said].sort((a, b) => a - b))
  })

  it('is calibrated by what the card says', () => {
    const odds = 9 ** (1 / card.confidence.temperature)
    expect(calibrate(0.9)).toBeCloseTo(odds / (1 + odds), 10)
  })

  it('of a zone has the least sure of its characters as the least', () => {
    const [layout] = layouts
    if (!layout) throw new Error('no layout')
    const slant = { cx: 0, cy: 0, length: 600, height: 35, angle: 0 }
    const zone = calibrated({
      layout,
      lines: ['AB', 'CD'],
      confidences: [
        [0.99, 0.8],
        [0.95, 0.9],
      ],
      slants: [slant, slant],
      whole: [true, true],
      minConfidence: 0.8,
    })
    expect(zone.minConfidence).toBe(calibrate(0.8))
    expect(zone.confidences[1]?.[0]).toBe(calibrate(0.95))
    expect(zone.lines).toEqual(['AB', 'CD'])
  })
})
