import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { describeFace } from './describe-face.ts'
import { isSameFace } from './faces/cosine.ts'
import { packageFile } from './models.ts'

// Group photographs of a package in node_modules, read at test time and never stored.
it('the largest face of a picture gets a descriptor of unit length, and one of its own', async () => {
  const photos = [1, 2].map((number) => readFileSync(packageFile('@vladmandic/face-api', `demo/sample${number}.jpg`)))
  const [first, again, other] = await Promise.all(
    [photos[0], photos[0], photos[1]].map((photo) => describeFace(photo ?? Buffer.alloc(0))),
  )
  if (!first || !again || !other) throw new Error('no face was found')
  expect(first).toHaveLength(128)
  expect(Math.hypot(...first)).toBeCloseTo(1, 5)
  expect(isSameFace(first, again)).toBe(true)
  expect(isSameFace(first, other)).toBe(false)
})
