import { z } from 'zod'

/** States of a verification; the moves between them are the server's table (`server/src/verification/states.ts`). */
export const verificationStates = [
  'created',
  'waiting',
  'checking',
  'review',
  'verified',
  'rejected',
  'expired',
  'cancelled',
  'failed',
] as const

export const VerificationState = z.enum(verificationStates)
export type VerificationState = z.infer<typeof VerificationState>

/** States in which a person has a check under way; at most one verification of a person may be in one of them. */
export const openStates = ['created', 'waiting', 'checking', 'review'] as const satisfies readonly VerificationState[]

export const isOpen = (state: VerificationState): boolean => (openStates as readonly string[]).includes(state)
