import { alibabaCloud } from './alibaba-cloud/index.ts'
import { jumio } from './jumio/index.ts'
import type { ProviderType } from './port.ts'
import { stripeIdentity } from './stripe/index.ts'

export * from './matching/index.ts'
export * from './port.ts'

/** Every provider type of this installation; one line each. */
export const providerTypes: readonly ProviderType[] = [jumio, alibabaCloud, stripeIdentity]

/** The type by category and name, or undefined: an unknown one is refused, never replaced by another. */
export const findProviderType = (
  types: readonly ProviderType[],
  category: string,
  type: string,
): ProviderType | undefined => types.find((candidate) => candidate.category === category && candidate.type === type)
