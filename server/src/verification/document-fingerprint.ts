import { keyedDigest } from '@veridoor/foundation'
import { type Claim, normalizeDocumentNumber } from '@veridoor/providers'
import type { FinalFinding } from './decide.ts'
import type { Deps } from './deps.ts'

/**
 * The same for one document however it is written. One document belongs to one verified account of an organization. Keyed, so that a
 * dump does not tell whose number it is.
 */
export const fingerprintOf = (deps: Pick<Deps, 'cipher'>, claim: Claim, document: FinalFinding['document']): string => {
  const upper = (text: string): string => text.trim().toUpperCase()
  return keyedDigest(
    deps.cipher.derive('document fingerprint'),
    [
      upper(document.country ?? claim.country),
      upper(document.type ?? claim.type),
      normalizeDocumentNumber(document.number ?? claim.number),
    ].join('|'),
  )
}
