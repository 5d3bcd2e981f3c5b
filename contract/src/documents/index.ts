import { drivingLicence } from './driving-licence.ts'
import { idCard } from './id-card.ts'
import type { DocumentKindDefinition } from './kind.ts'
import { passport } from './passport.ts'

export type { DocumentKindDefinition } from './kind.ts'

/** The kinds of document that people can be verified with, in the order in which they are offered. */
export const documentKinds = [passport, idCard, drivingLicence] as const satisfies readonly DocumentKindDefinition[]

/** The name of a kind in our API and database. */
export type DocumentType = (typeof documentKinds)[number]['id']

export const documentTypes: readonly DocumentType[] = documentKinds.map(({ id }) => id)

/** Whether a text names a kind. An empty text, an unknown word and a kind that is only read (a visa) do not. */
export const isDocumentType = (text: string | null | undefined): text is DocumentType =>
  documentTypes.some((id) => id === text)

const byType = new Map<string, DocumentKindDefinition>(documentKinds.map((kind) => [kind.id, kind]))

/** The definition of a kind. @throws {RangeError} for an id that is not in the list, which the types exclude */
export const documentKindOf = (type: DocumentType): DocumentKindDefinition => {
  const kind = byType.get(type)
  if (!kind) throw new RangeError(`unknown kind of document: ${type}`)
  return kind
}

/** The name that people read, or the text itself where it names no kind. */
export const documentTypeName = (text: string): string => byType.get(text)?.name ?? text

/** Names of all kinds by id, for lists to choose from. */
export const documentTypeLabels = Object.fromEntries(documentKinds.map(({ id, name }) => [id, name])) as Readonly<
  Record<DocumentType, string>
>

/** Kinds that a new provider accepts. */
export const documentTypesAcceptedByDefault: readonly DocumentType[] = documentKinds
  .filter(({ isAcceptedByDefault }) => isAcceptedByDefault)
  .map(({ id }) => id)
