export * from './agreement.ts'
export * from './icao-transliteration.ts'
