import { verificationStates } from '@veridoor/contract'
import { describe, expect, it } from 'vitest'
import { canMove, isFinal, transitions } from './states.ts'

describe('the table of states', () => {
  it('reaches every state from created', () => {
    const seen = new Set<string>(['created'])
    for (let size = 0; size !== seen.size; ) {
      size = seen.size
      for (const state of verificationStates) if (seen.has(state)) for (const next of transitions[state]) seen.add(next)
    }
    expect([...seen].sort()).toEqual([...verificationStates].sort())
  })

  it('leads to verified only from checking or review', () => {
    const before = verificationStates.filter((state) => canMove(state, 'verified'))
    expect(before).toEqual(['checking', 'review'])
  })

  it('lets an ended verification never move again', () => {
    const ended = verificationStates.filter(isFinal)
    expect(ended).toEqual(['verified', 'rejected', 'expired', 'cancelled', 'failed'])
    for (const state of ended) expect(transitions[state]).toEqual([])
  })
})
