import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { createEnvelopeCipher } from './envelope-cipher.ts'
import { statementSigner } from './signing.ts'

const key = randomBytes(32)

it('a signature holds for its text, purpose and master key, and for no other', () => {
  const signer = statementSigner(createEnvelopeCipher([key]), 'decision')
  const signature = signer.sign('verified')
  expect(signer.verify('verified', signature)).toBe(true)
  expect(statementSigner(createEnvelopeCipher([key]), 'decision').verify('verified', signature)).toBe(true)
  expect(signer.verify('verified ', signature)).toBe(false)
  expect(statementSigner(createEnvelopeCipher([key]), 'identity').verify('verified', signature)).toBe(false)
  expect(statementSigner(createEnvelopeCipher([randomBytes(32)]), 'decision').verify('verified', signature)).toBe(false)
})

it('what is no signature does not hold, and never throws', () => {
  const signer = statementSigner(createEnvelopeCipher([key]), 'decision')
  for (const wrong of [null, '', 'x', '='.repeat(86), 'A'.repeat(86), 'A'.repeat(87), signer.sign('a').slice(1)])
    expect(signer.verify('a', wrong)).toBe(false)
})

it('a key that was added in front leaves signatures as they are', () => {
  const signature = statementSigner(createEnvelopeCipher([key]), 'decision').sign('a')
  expect(statementSigner(createEnvelopeCipher([randomBytes(32), key]), 'decision').verify('a', signature)).toBe(true)
})
