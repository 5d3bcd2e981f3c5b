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
