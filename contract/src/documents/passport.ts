import type { DocumentKindDefinition } from './kind.ts'

export const passport = {
  id: 'PASSPORT',
  name: 'Passport',
  sides: ['front'],
  shape: 'page',
  mrz: 'always',
  specimenNumberLength: 9,
  evidenceType: 'passport',
  casdoor: { word: 'PASSPORT', spellings: /PASSPORT/ },
  isAcceptedByDefault: true,
  issuers: null,
  notIssuedBy: [],
} as const satisfies DocumentKindDefinition
