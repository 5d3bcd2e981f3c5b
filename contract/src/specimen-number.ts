/** Letters and digits that the number of a specimen has at most. */
export const specimenNumberLength = { PASSPORT: 9, ID_CARD: 20, DRIVING_LICENSE: 20 } as const
