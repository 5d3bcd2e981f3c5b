import { z } from 'zod'
import { verificationStates } from './state-names.ts'

export { verificationStates }

export const VerificationState = z.enum(verificationStates)
export type VerificationState = z.infer<typeof VerificationState>

/** States in which a person has a check under way; at most one verification of a person may be in one of them. */
export const openStates = ['created', 'waiting', 'checking', 'review'] as const satisfies readonly VerificationState[]

export const isOpen = (state: VerificationState): boolean => (openStates as readonly string[]).includes(state)
