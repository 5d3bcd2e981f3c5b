import type { client } from '../api.ts'
import { defaultsOf, type FieldSpec } from './schema-fields.ts'

export type Provider = Awaited<ReturnType<typeof client.providers.read>>
export type ProviderType = Awaited<ReturnType<typeof client.providers.types>>['items'][number]

/** What is typed about a provider; a new one is named by its type until somebody chooses other names. */
export type ProviderDraft = {
  organization: string
  name: string
  displayName: string
  category: string
  type: string
  config: Record<string, unknown>
  etag?: string
}

/** The part of a saved provider that the form changes. */
export const draftOf = ({
  organization,
  name,
  displayName,
  category,
  type,
  config,
  etag,
}: Provider): ProviderDraft => ({
  organization,
  name,
  displayName,
  category,
  type,
  config,
  etag,
})

/** A name for addresses: lower case letters, digits and hyphens. */
const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')

/** Names that are not taken yet: `Acme` and `acme`, then `Acme 2` and `acme-2`. */
export const freeNames = (
  typeName: string,
  taken: readonly { name: string; displayName: string }[],
): { name: string; displayName: string } => {
  for (let count = 1; ; count += 1) {
    const displayName = count === 1 ? typeName : `${typeName} ${count}`
    const name = slugOf(displayName) || `provider-${count}`
    if (!taken.some((other) => other.name === name || other.displayName === displayName)) return { name, displayName }
  }
}

/** The form of a new provider of a type. Names that somebody typed stay. */
export const withType = (
  draft: ProviderDraft,
  type: ProviderType,
  fields: readonly FieldSpec[],
  names: { name: string; displayName: string } | null,
): ProviderDraft => ({
  ...draft,
  ...(names ?? {}),
  category: type.category,
  type: type.type,
  config: defaultsOf(fields),
})

/** Why a new provider cannot be saved yet; undefined when it can. */
export const problemOf = (draft: ProviderDraft, fields: readonly FieldSpec[]): string | undefined => {
  if (draft.category === '') return 'Choose a category.'
  if (draft.type === '') return 'Choose a type.'
  if (draft.displayName.trim() === '') return 'Give it a display name.'
  const empty = fields.find(({ essential, name }) => essential && String(draft.config[name] ?? '').trim() === '')
  return empty ? `Enter the ${empty.title}.` : undefined
}
