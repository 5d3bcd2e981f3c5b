import { describe, expect, it } from 'vitest'
import { seededNumbers } from '../fuzz/mutate.ts'
import { scaleRgb, warpRgb } from './warp.ts'

const number = seededNumbers(7)
const picture = { width: 97, height: 61, data: Uint8Array.from({ length: 97 * 61 * 3 }, () => number(256)) }

describe('a part of a picture', () => {
  it('of the same size and place is the picture', () => {
    const whole = warpRgb(picture, { a: 1, b: 0, x: 0, y: 0 }, 90, 60)
    for (const [x, y] of [
      [0, 0],
      [44, 31],
      [89, 59],
    ] as const)
      expect([...whole.subarray((y * 90 + x) * 3, (y * 90 + x) * 3 + 3)]).toEqual([
        ...picture.data.subarray((y * 97 + x) * 3, (y * 97 + x) * 3 + 3),
      ])
  })

  it('without a turn is the same but for the last bits, whichever way it is cut, larger, smaller, and beyond the edges', () => {
    for (let run = 0; run < 200; run += 1) {
      const scale = 0.05 + number(600) / 100
      const at = { x: number(200) - 100 + number(100) / 100, y: number(200) - 100 + number(100) / 100 }
      const turned = warpRgb(picture, { a: scale, b: 0, ...at }, 31, 23)
      const apart = scaleRgb(picture, { scale, ...at }, 31, 23).map((value, k) => Math.abs(value - (turned[k] ?? 0)))
      expect(Math.max(...apart)).toBeLessThan(0.001)
    }
  })
})
