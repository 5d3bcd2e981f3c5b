import type { DocumentKindDefinition } from './kind.ts'

export const drivingLicence = {
  id: 'DRIVING_LICENSE',
  name: 'Driving licence',
  sides: ['front', 'back'],
  shape: 'card',
  mrz: 'never',
  specimenNumberLength: 20,
  evidenceType: 'driving_permit',
  casdoor: { word: 'DRIVING_LICENSE', spellings: /DRIV/ },
  isAcceptedByDefault: true,
  // Licences with a bar code of the AAMVA standard, and those of the specimen state.
  issuers: ['UTO', 'USA', 'CAN'],
  notIssuedBy: [],
} as const satisfies DocumentKindDefinition
