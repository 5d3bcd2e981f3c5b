import { NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api.ts'
import { useSession } from '../ui/session.tsx'
import { ConfigForm, Folded } from './config-form.tsx'
import { ProviderDisclosure } from './provider-disclosure.tsx'
import { freeNames, type ProviderDraft, type ProviderType, withType } from './provider-draft.ts'
import { type FieldSpec, toFields } from './schema-fields.ts'

export const useProviderTypes = () =>
  useQuery({ ...api.providers.types.queryOptions(), staleTime: Number.POSITIVE_INFINITY })

type FormProps = {
  draft: ProviderDraft
  errors: Readonly<Record<string, string>>
  onChange: (draft: ProviderDraft) => void
}

/** What every type needs first: a category and a type. The only type of a category is chosen by itself. */
const TypeFields = ({ draft, types, onChange }: Omit<FormProps, 'errors'> & { types: readonly ProviderType[] }) => {
  const taken = useQuery(api.providers.list.queryOptions({ input: {} }))
  const categories = [...new Set(types.map(({ category }) => category))]
  const ofCategory = types.filter(({ category }) => category === draft.category)
  const choose = (type: ProviderType | undefined, category: string): void => {
    if (!type) {
      onChange({ ...draft, category, type: '', config: {} })
      return
    }
    onChange(withType(draft, type, toFields(type.configSchema), freeNames(type.displayName, taken.data?.items ?? [])))
  }
  return (
    <>
      <NativeSelect
        label="Category"
        value={draft.category}
        data={[{ value: '', label: 'Choose' }, ...categories]}
        onChange={(event) => {
          const category = event.currentTarget.value
          choose(
            types.find((type) => type.category === category),
            category,
          )
        }}
      />
      {draft.category !== '' && (
        <NativeSelect
          label="Type"
          value={draft.type}
          data={ofCategory.map((type) => ({ value: type.type, label: type.displayName }))}
          onChange={(event) =>
            choose(
              ofCategory.find(({ type }) => type === event.currentTarget.value),
              draft.category,
            )
          }
        />
      )}
    </>
  )
}

/** Names and owner: suggested, and changeable until the provider is saved. */
const NameFields = ({ draft, errors, isNew, onChange }: FormProps & { isNew: boolean }) => {
  const { session } = useSession()
  const organizations = useQuery({ ...api.organizations.list.queryOptions({ input: {} }), enabled: isNew })
  const owners = [
    ...(organizations.data?.items ?? []).map((row) => ({ value: row.name, label: row.displayName })),
    ...(session?.user.isGlobalAdmin ? [{ value: 'admin', label: 'Shared by all organizations' }] : []),
  ]
  const owner = owners.find(({ value }) => value === draft.organization)?.label ?? draft.organization
  return (
    <Folded
      title="Names"
      summary={`${draft.displayName} · ${draft.name} · ${owner}`}
      hasError={Boolean(errors.displayName ?? errors.name ?? errors.organization)}
    >
      <TextInput
        label="Display name"
        value={draft.displayName}
        error={errors.displayName}
        onChange={(event) => onChange({ ...draft, displayName: event.currentTarget.value })}
      />
      {isNew && (
        <>
          <TextInput
            label="Name"
            description="Part of addresses; cannot be changed later"
            value={draft.name}
            error={errors.name}
            onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
          />
          <NativeSelect
            label="Organization"
            value={draft.organization}
            data={owners}
            error={errors.organization}
            onChange={(event) => onChange({ ...draft, organization: event.currentTarget.value })}
          />
        </>
      )}
    </Folded>
  )
}

/** The settings of a provider: four fields for a new one, the rest in folded sections. */
export const ProviderForm = ({
  draft,
  fields,
  types,
  isNew,
  savedAt,
  webhookUrl = null,
  errors,
  onChange,
}: FormProps & {
  fields: readonly FieldSpec[]
  types: readonly ProviderType[]
  isNew: boolean
  savedAt: string | null
  webhookUrl?: string | null
}) => {
  const type = types.find((entry) => entry.category === draft.category && entry.type === draft.type)
  return (
    <div className="card">
      <Stack gap="md">
        <Title order={2} size="h4">
          Provider
        </Title>
        {isNew ? (
          <TypeFields draft={draft} types={types} onChange={onChange} />
        ) : (
          <Text size="sm" c="dimmed">
            {draft.category}, {types.find(({ type }) => type === draft.type)?.displayName ?? draft.type}
          </Text>
        )}
        {type && <ProviderDisclosure type={type} webhookUrl={webhookUrl} />}
        <ConfigForm
          // Fields that were opened to replace a secret belong to one version of the settings.
          key={`${draft.type} ${savedAt}`}
          fields={fields}
          config={draft.config}
          errors={errors}
          savedAt={savedAt}
          onChange={(config) => onChange({ ...draft, config })}
        />
        {draft.type !== '' && <NameFields draft={draft} errors={errors} isNew={isNew} onChange={onChange} />}
      </Stack>
    </div>
  )
}
