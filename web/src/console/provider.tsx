import { Grid, Group, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { api, fieldErrors, queries } from '../api.ts'
import { ConfirmButton } from '../ui/confirm.tsx'
import { ErrorNotice, Loading, Notice, Page } from '../ui/parts.tsx'
import { providerFaults } from '../ui/provider-faults.ts'
import { SaveBar } from '../ui/save-bar.tsx'
import { useSession } from '../ui/session.tsx'
import { HealthBadge } from '../ui/state-badge.tsx'
import { ProviderApproval } from './provider-approval.tsx'
import { draftOf, type ProviderDraft, type ProviderType, problemOf } from './provider-draft.ts'
import { ProviderForm, useProviderTypes } from './provider-form.tsx'
import { ProviderTest } from './provider-test.tsx'
import { ProviderUse } from './provider-use.tsx'
import { toFields } from './schema-fields.ts'
import { useDraft } from './use-draft.ts'

/** The settings of the chosen type, as fields of a form. */
const useFields = (draft: ProviderDraft | null, types: readonly ProviderType[]) => {
  const type = types.find((entry) => entry.category === draft?.category && entry.type === draft?.type)
  return useMemo(() => (type ? toFields(type.configSchema) : []), [type])
}

export const NewProvider = () => {
  const navigate = useNavigate()
  const { session } = useSession()
  const types = useProviderTypes()
  const items = types.data?.items ?? []
  const [draft, setDraft] = useState<ProviderDraft>({
    organization: session?.user.organization ?? 'built-in',
    name: '',
    displayName: '',
    category: '',
    type: '',
    config: {},
  })
  const fields = useFields(draft, items)
  const create = useMutation(
    api.providers.create.mutationOptions({
      onSuccess: async (provider) => {
        await queries.invalidateQueries()
        notifications.show({ message: 'Saved' })
        await navigate({
          to: '/console/providers/$organization/$name',
          params: { organization: provider.organization, name: provider.name },
          search: { tested: 'now' },
          ignoreBlocker: true,
        })
      },
    }),
  )
  return (
    <Page title="Add provider" crumb={{ to: '/console/providers', text: 'Providers' }}>
      <ErrorNotice error={types.error} />
      {types.isPending && <Loading rows={4} />}
      {types.data && (
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 7 }}>
            <ProviderForm
              draft={draft}
              fields={fields}
              types={items}
              isNew
              savedAt={null}
              errors={fieldErrors(create.error)}
              onChange={setDraft}
            />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }}>
            {draft.type !== '' && <ProviderTest draft={draft} saved={null} runs={0} />}
          </Grid.Col>
        </Grid>
      )}
      <SaveBar
        isChanged={draft.category !== ''}
        isSaving={create.isPending}
        problem={problemOf(draft, fields)}
        onSave={() => create.mutate(draft)}
      >
        <ErrorNotice error={create.error} />
      </SaveBar>
    </Page>
  )
}

export const ProviderPage = () => {
  const { organization, name } = useParams({ strict: false }) as { organization: string; name: string }
  const { tested } = useSearch({ strict: false }) as { tested?: string }
  const navigate = useNavigate()
  const read = useQuery(api.providers.read.queryOptions({ input: { organization, name } }))
  const types = useProviderTypes()
  const items = types.data?.items ?? []
  const {
    draft,
    isChanged,
    updateDraft: change,
    accept,
    acceptPart,
    discard,
  } = useDraft(read.data && draftOf(read.data))
  const [runs, setRuns] = useState(tested === 'now' ? 1 : 0)
  const fields = useFields(draft, items)
  const save = useMutation(
    api.providers.update.mutationOptions({
      onSuccess: async (provider) => {
        queries.setQueryData(api.providers.read.queryKey({ input: { organization, name } }), provider)
        accept(draftOf(provider))
        setRuns((count) => count + 1)
        notifications.show({ message: 'Saved' })
        await queries.invalidateQueries()
      },
    }),
  )
  const remove = useMutation(
    api.providers.remove.mutationOptions({
      onSuccess: async () => {
        discard()
        await queries.invalidateQueries()
        await navigate({ to: '/console/providers', ignoreBlocker: true })
      },
    }),
  )
  const provider = read.data
  return (
    <Page
      title={
        provider ? (
          <Group gap="sm">
            <span style={{ overflowWrap: 'anywhere' }}>{provider.displayName}</span>
            <HealthBadge health={provider.health} detail={provider.healthDetail} lastTest={provider.lastTest} />
          </Group>
        ) : (
          name
        )
      }
      crumb={{ to: '/console/providers', text: 'Providers' }}
      action={
        <ConfirmButton
          question={{
            title: 'Delete this provider?',
            body: 'Its settings and secrets are deleted. Applications that use it have to be changed first.',
            action: 'Delete',
            typed: name,
          }}
          loading={remove.isPending}
          onConfirm={() => remove.mutate({ organization, name })}
        >
          Delete
        </ConfirmButton>
      }
    >
      {provider && provider.health !== 'ok' && providerFaults[provider.healthDetail] && (
        <Notice tone="review" title="The last call failed">
          {providerFaults[provider.healthDetail]}
        </Notice>
      )}
      <ErrorNotice error={read.error ?? types.error ?? remove.error} />
      {(!draft || !types.data) && !read.error && <Loading rows={6} />}
      {draft && provider && types.data && (
        <>
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, md: 7 }}>
              <ProviderForm
                draft={draft}
                fields={fields}
                types={items}
                isNew={false}
                savedAt={provider.secretsSavedAt}
                webhookUrl={provider.webhookUrl}
                errors={fieldErrors(save.error)}
                onChange={change}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 5 }}>
              <Stack gap="lg">
                <ProviderTest
                  draft={draft}
                  saved={provider}
                  runs={runs}
                  testId={tested === 'now' ? undefined : tested}
                />
                <ProviderApproval
                  provider={provider}
                  fields={fields}
                  isChanged={isChanged}
                  onDone={(saved) => {
                    queries.setQueryData(api.providers.read.queryKey({ input: { organization, name } }), saved)
                    acceptPart({ etag: saved.etag })
                  }}
                />
                <ProviderUse provider={provider} />
              </Stack>
            </Grid.Col>
          </Grid>
          <SaveBar
            isChanged={isChanged}
            isSaving={save.isPending}
            onSave={() => save.mutate(draft)}
            onDiscard={() => {
              discard()
              save.reset()
            }}
          >
            <ErrorNotice error={save.error} />
          </SaveBar>
        </>
      )}
    </Page>
  )
}
