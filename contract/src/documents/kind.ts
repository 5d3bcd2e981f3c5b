/** What the product has to know of one kind of document that people can be verified with. */
export type DocumentKindDefinition = {
  /** The name of the kind in our API and database. */
  readonly id: string
  /** As people read it, in sentence case. */
  readonly name: string
  /** Pictures that a check needs, in the order in which they are taken. */
  readonly sides: readonly ('front' | 'back')[]
  /** What the front is: a page of a booklet, or a card. */
  readonly shape: 'page' | 'card'
  /** Whether documents of the kind carry a machine-readable zone (ICAO 9303). */
  readonly mrz: 'always' | 'sometimes' | 'never'
  /** Letters and digits that the number of a specimen has at most. */
  readonly specimenNumberLength: number
  /** Document type of the evidence in OpenID Connect for Identity Assurance (predefined values, "Document types"). */
  readonly evidenceType: string
  /** How Casdoor's field `idCardType` names the kind, and which other spellings of it are accepted there. */
  readonly casdoor: { readonly word: string; readonly spellings: RegExp }
  /** Whether a new provider accepts the kind until somebody changes its settings. */
  readonly isAcceptedByDefault: boolean
  /** ISO 3166-1 alpha-3 codes of the issuers whose documents can be read; null: all of them. */
  readonly issuers: readonly string[] | null
  /** Countries that issue no document of the kind, so that it is not offered there. */
  readonly notIssuedBy: readonly string[]
}
