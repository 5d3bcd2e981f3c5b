/** Document types that a person may claim; the words are those of the wire that every provider of ours shares. */
export const documentTypes = ['PASSPORT', 'ID_CARD', 'DRIVING_LICENSE'] as const

export const documentTypeLabels: Record<(typeof documentTypes)[number], string> = {
  PASSPORT: 'Passport',
  ID_CARD: 'ID card',
  DRIVING_LICENSE: 'Driving licence',
}
