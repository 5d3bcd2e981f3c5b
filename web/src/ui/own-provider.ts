type Trust = 'installation' | 'organization' | null

/** Says who answers for a result where the installation does not; null where it does, and before a decision. */
export const ownProviderMark = (trust: Trust, organization: string): string | null =>
  trust === 'organization' ? `Verified by ${organization}'s own provider` : null
