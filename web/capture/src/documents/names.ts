import type { CaptureSession } from '@veridoor/contract'

type DocumentType = CaptureSession['documents'][number]['type']

/** What people call their documents where these are issued. A country without an entry gets the page's own words. */
const localNames: Readonly<Record<string, Partial<Record<DocumentType, string>>>> = {
  AUT: { ID_CARD: 'Personalausweis', PASSPORT: 'Reisepass', DRIVING_LICENSE: 'Führerschein' },
  BRA: { ID_CARD: 'RG', PASSPORT: 'Passaporte', DRIVING_LICENSE: 'CNH' },
  CHN: { ID_CARD: '居民身份证', PASSPORT: '护照', DRIVING_LICENSE: '驾驶证' },
  DEU: { ID_CARD: 'Personalausweis', PASSPORT: 'Reisepass', DRIVING_LICENSE: 'Führerschein' },
  ESP: { ID_CARD: 'DNI', PASSPORT: 'Pasaporte', DRIVING_LICENSE: 'Permiso de conducir' },
  FRA: { ID_CARD: 'Carte nationale d’identité', PASSPORT: 'Passeport', DRIVING_LICENSE: 'Permis de conduire' },
  GBR: { PASSPORT: 'Passport', DRIVING_LICENSE: 'Driving licence' },
  IND: { ID_CARD: 'Aadhaar, PAN, voter ID' },
  ITA: { ID_CARD: 'Carta d’identità', PASSPORT: 'Passaporto', DRIVING_LICENSE: 'Patente di guida' },
  JPN: { ID_CARD: 'マイナンバーカード', PASSPORT: '旅券', DRIVING_LICENSE: '運転免許証' },
  NLD: { ID_CARD: 'Identiteitskaart', PASSPORT: 'Paspoort', DRIVING_LICENSE: 'Rijbewijs' },
  POL: { ID_CARD: 'Dowód osobisty', PASSPORT: 'Paszport', DRIVING_LICENSE: 'Prawo jazdy' },
  PRT: { ID_CARD: 'Cartão de Cidadão', PASSPORT: 'Passaporte', DRIVING_LICENSE: 'Carta de condução' },
  USA: { ID_CARD: 'State ID, Passport card', PASSPORT: 'Passport', DRIVING_LICENSE: 'Driver’s license' },
}

/** What people of a country (ISO 3166-1 alpha-3) call a document; null where the page's own words have to do. */
export const localNameOf = (country: string, type: DocumentType): string | null => localNames[country]?.[type] ?? null
