import type { NextStep } from '@veridoor/providers'
import { type Deps, nextStepAad } from './deps.ts'
import type { VerificationRow } from './store.ts'

/** How a person goes on: an address, or a script with its token. */
export type OpenStep = Exclude<NextStep, { next: 'done' }>

/** For the column: its address or token opens the check for whoever has it. */
export const encryptNextStep = (deps: Pick<Deps, 'cipher'>, id: string, step: OpenStep): string => {
  const { next } = step
  const stored: OpenStep =
    next === 'redirect'
      ? { next, url: step.url }
      : { next, script: step.script, token: step.token, options: step.options }
  return deps.cipher.encrypt(JSON.stringify(stored), nextStepAad(id))
}

/** Null unless the check waits for the person. @throws {DecryptError} */
export const decryptNextStep = (
  deps: Pick<Deps, 'cipher'>,
  row: Pick<VerificationRow, 'id' | 'state' | 'nextStep'>,
): OpenStep | null =>
  row.state === 'waiting' && row.nextStep
    ? (JSON.parse(deps.cipher.decrypt(row.nextStep, nextStepAad(row.id))) as OpenStep)
    : null
