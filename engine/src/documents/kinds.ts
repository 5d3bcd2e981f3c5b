/**
 * The kinds of document that the engine reads. The ids are those of `contract/src/documents`; a visa is read so that it can be named,
 * and accepted nowhere. docs/guides/document-kinds.md tells how to add one.
 */
export const documentKinds = [
  /** `mrzCodes`: document codes of the MRZ (ICAO 9303 parts 4 to 7). `mrz`: whether documents of the kind carry one. */
  { id: 'PASSPORT', mrzCodes: /^P/, mrz: 'always' },
  // RP is a residence permit of a state that does not use the standard's A, C or I.
  { id: 'ID_CARD', mrzCodes: /^(?:[IAC]|RP)/, mrz: 'sometimes' },
  { id: 'VISA', mrzCodes: /^V/, mrz: 'always' },
  { id: 'DRIVING_LICENSE', mrzCodes: null, mrz: 'never' },
] as const satisfies readonly {
  readonly id: string
  readonly mrzCodes: RegExp | null
  readonly mrz: 'always' | 'sometimes' | 'never'
}[]

/** What a document is. */
export type DocumentKind = (typeof documentKinds)[number]['id']

/** The kind that a document code stands for; null for a code of none. */
export const kindOfMrzCode = (code: string): DocumentKind | null =>
  documentKinds.find(({ mrzCodes }) => mrzCodes?.test(code))?.id ?? null

/** Whether another picture may show an MRZ that this one does not: of a kind that has none, or may have none, nothing tells. */
export const mayLackMrz = (kind: DocumentKind | undefined): boolean =>
  documentKinds.some(({ id, mrz }) => id === kind && mrz !== 'always')
