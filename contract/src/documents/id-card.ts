import type { DocumentKindDefinition } from './kind.ts'

export const idCard = {
  id: 'ID_CARD',
  name: 'ID card',
  // The machine-readable zone is on the back as often as on the front.
  sides: ['front', 'back'],
  shape: 'card',
  mrz: 'sometimes',
  specimenNumberLength: 20,
  evidenceType: 'idcard',
  casdoor: { word: 'ID_CARD', spellings: /^(?!.*DRIV)(?:ID$|.*(?:ID_?CARD|IDENTITY|NATIONAL))/ },
  isAcceptedByDefault: true,
  issuers: null,
  // The United Kingdom has no national card; other cards that it issues are read.
  notIssuedBy: ['GBR'],
} as const satisfies DocumentKindDefinition
