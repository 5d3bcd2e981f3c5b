import { Anchor, Button, Grid, Group, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCircleCheckFilled, IconCircleDashed, IconCircleXFilled } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { api, type client, fieldErrors, queries } from '../api.ts'
import { Fault, Loading, Notice, Page } from '../ui/parts.tsx'
import { providerFaults } from '../ui/provider-faults.ts'
import { useSession } from '../ui/session.tsx'
import { HealthBadge } from '../ui/state-badge.tsx'
import { ConfigForm } from './config-form.tsx'
import { defaultsOf, toFields } from './schema-fields.ts'
import { When } from './table.tsx'

type Provider = Awaited<ReturnType<typeof client.providers.read>>
type Probe = Awaited<ReturnType<typeof client.providers.probe>>
type Form = {
  organization: string
  name: string
  displayName: string
  category: string
  type: string
  config: Record<string, unknown>
}

const useTypes = () => useQuery({ ...api.providers.types.queryOptions(), staleTime: Number.POSITIVE_INFINITY })

const ProbeResult = ({ result }: { result: Probe }) => (
  <Stack gap="xs" role="status">
    {result.steps.map((step) => (
      <Group key={step.step} gap="sm" align="flex-start" wrap="nowrap">
        {step.state === 'ok' ? (
          <IconCircleCheckFilled size={20} color="var(--vd-good)" aria-label="Passed" />
        ) : step.state === 'failed' ? (
          <IconCircleXFilled size={20} color="var(--vd-bad)" aria-label="Failed" />
        ) : (
          <IconCircleDashed size={20} color="var(--mantine-color-dimmed)" aria-label="Not tried" />
        )}
        <div style={{ flex: 1 }}>
          <Group justify="space-between" wrap="nowrap">
            <Text fw={step.state === 'failed' ? 600 : 400}>{step.title}</Text>
            <Text size="sm" c="dimmed" className="mono">
              {step.code ?? (step.ms === null ? '' : `${step.ms} ms`)}
            </Text>
          </Group>
          {step.state !== 'ok' && <Text size="sm">{step.sentence}</Text>}
        </div>
      </Group>
    ))}
    <Text size="sm" c="dimmed">
      {result.ms} ms, <When at={result.at} />
    </Text>
  </Stack>
)

const TestPanel = ({ form, saved }: { form: Form; saved: Provider | null }) => {
  const probe = useMutation(
    api.providers.probe.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: api.providers.key() }),
    }),
  )
  const run = useMutation(
    api.verifications.start.mutationOptions({
      onSuccess: (verification) => verification.redirectUrl && window.location.assign(verification.redirectUrl),
    }),
  )
  return (
    <section className="card" aria-label="Test">
      <Stack gap="md">
        <Title order={2} size="h4">
          Test connection
        </Title>
        <Text size="sm" c="dimmed">
          Uses the values on this page, saved or not. Creates nothing at the other side.
        </Text>
        <Button
          variant="default"
          loading={probe.isPending}
          onClick={() => probe.mutate({ ...form, ...(saved ? { name: saved.name } : { name: undefined }) })}
        >
          Test connection
        </Button>
        <Fault error={probe.error} />
        {probe.data ? (
          <ProbeResult result={probe.data} />
        ) : saved?.lastTest ? (
          <Text size="sm">
            Last test {saved.lastTest.ok ? 'passed' : 'failed'}, <When at={saved.lastTest.at} />
          </Text>
        ) : null}
        {saved && (
          <>
            <Button
              variant="default"
              loading={run.isPending}
              onClick={() => run.mutate({ test: { organization: saved.organization, provider: saved.name } })}
            >
              Run a test verification
            </Button>
            <Text size="sm" c="dimmed">
              A real check of your own profile. Uses 1 of the limit. Never seals.
            </Text>
            <Fault error={run.error} />
          </>
        )}
      </Stack>
    </section>
  )
}

const Editor = ({
  form,
  setForm,
  saved,
  errors,
}: {
  form: Form
  setForm: (form: Form) => void
  saved: Provider | null
  errors: Record<string, string>
}) => {
  const types = useTypes()
  const { session } = useSession()
  const organizations = useQuery(api.organizations.list.queryOptions())
  const type = types.data?.items.find((entry) => entry.category === form.category && entry.type === form.type)
  const fields = useMemo(() => (type ? toFields(type.configSchema) : []), [type])
  const categories = [...new Set((types.data?.items ?? []).map((entry) => entry.category))]
  const choose = (category: string, typeName: string): void => {
    const chosen = types.data?.items.find((entry) => entry.category === category && entry.type === typeName)
    setForm({ ...form, category, type: typeName, config: chosen ? defaultsOf(toFields(chosen.configSchema)) : {} })
  }
  const owners = [
    ...(organizations.data?.items ?? []).map((row) => ({ value: row.name, label: row.displayName })),
    ...(session?.user.isGlobalAdmin ? [{ value: 'admin', label: 'Shared by all organizations' }] : []),
  ]
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <div className="card">
          <Stack gap="xl">
            <Stack gap="md">
              <Title order={2} size="h4">
                Provider
              </Title>
              {!saved && (
                <>
                  <NativeSelect
                    label="Organization"
                    value={form.organization}
                    data={owners}
                    onChange={(event) => setForm({ ...form, organization: event.currentTarget.value })}
                  />
                  <TextInput
                    label="Name"
                    description="Part of addresses; cannot change later"
                    value={form.name}
                    error={errors.name}
                    onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
                  />
                </>
              )}
              <TextInput
                label="Display name"
                value={form.displayName}
                error={errors.displayName}
                onChange={(event) => setForm({ ...form, displayName: event.currentTarget.value })}
              />
              {saved ? (
                <Text size="sm" c="dimmed">
                  {form.category}, {form.type}
                </Text>
              ) : (
                <>
                  <NativeSelect
                    label="Category"
                    value={form.category}
                    data={[{ value: '', label: 'Choose' }, ...categories]}
                    onChange={(event) =>
                      choose(
                        event.currentTarget.value,
                        types.data?.items.find((entry) => entry.category === event.currentTarget.value)?.type ?? '',
                      )
                    }
                  />
                  {form.category && (
                    <NativeSelect
                      label="Type"
                      value={form.type}
                      data={(types.data?.items ?? [])
                        .filter((entry) => entry.category === form.category)
                        .map((entry) => ({ value: entry.type, label: entry.displayName }))}
                      onChange={(event) => choose(form.category, event.currentTarget.value)}
                    />
                  )}
                </>
              )}
            </Stack>
            <ConfigForm
              fields={fields}
              config={form.config}
              errors={errors}
              savedAt={saved?.secretsSavedAt ?? null}
              onChange={(config) => setForm({ ...form, config })}
            />
          </Stack>
        </div>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Stack gap="lg">
          {type && <TestPanel form={form} saved={saved} />}
          {saved && (
            <section className="card">
              <Stack gap="xs">
                <Title order={2} size="h4">
                  Use
                </Title>
                <Text size="sm">
                  This month: {saved.usedThisMonth}
                  {saved.monthlyLimit ? ` of ${saved.monthlyLimit}` : ''}
                </Text>
                {saved.monthlyLimit !== null && saved.usedThisMonth >= saved.monthlyLimit * 0.8 && (
                  <Notice tone="review" title="Nearly used up" />
                )}
                <Text size="sm">
                  Used by:{' '}
                  {saved.usedBy.length === 0
                    ? 'nobody'
                    : saved.usedBy.map((application) => (
                        <Anchor
                          key={application.name}
                          component={Link}
                          to={`/console/applications/${application.name}`}
                          mr="xs"
                        >
                          {application.displayName}
                        </Anchor>
                      ))}
                </Text>
              </Stack>
            </section>
          )}
        </Stack>
      </Grid.Col>
    </Grid>
  )
}

export const NewProvider = () => {
  const navigate = useNavigate()
  const { session } = useSession()
  const [form, setForm] = useState<Form>({
    organization: session?.user.organization ?? 'built-in',
    name: '',
    displayName: '',
    category: '',
    type: '',
    config: {},
  })
  const create = useMutation(
    api.providers.create.mutationOptions({
      onSuccess: async (provider) => {
        await queries.invalidateQueries()
        notifications.show({ message: 'Saved' })
        await navigate({
          to: '/console/providers/$organization/$name',
          params: { organization: provider.organization, name: provider.name },
        })
      },
    }),
  )
  return (
    <Page
      title="Add provider"
      crumb={{ to: '/console/providers', text: 'Providers' }}
      action={
        <Button loading={create.isPending} disabled={form.type === ''} onClick={() => create.mutate(form)}>
          Save changes
        </Button>
      }
    >
      <Fault error={create.error} />
      <Editor form={form} setForm={setForm} saved={null} errors={fieldErrors(create.error)} />
    </Page>
  )
}

export const ProviderPage = () => {
  const { organization, name } = useParams({ strict: false }) as { organization: string; name: string }
  const navigate = useNavigate()
  const read = useQuery(api.providers.read.queryOptions({ input: { organization, name } }))
  const [form, setForm] = useState<Form | null>(null)
  const [etag, setEtag] = useState('')
  const load = (provider: Provider): void => {
    setForm({
      organization,
      name,
      displayName: provider.displayName,
      category: provider.category,
      type: provider.type,
      config: provider.config,
    })
    setEtag(provider.etag)
  }
  useEffect(() => {
    if (read.data && !form) {
      setForm({
        organization,
        name,
        displayName: read.data.displayName,
        category: read.data.category,
        type: read.data.type,
        config: read.data.config,
      })
      setEtag(read.data.etag)
    }
  }, [read.data, form, organization, name])
  const save = useMutation(
    api.providers.update.mutationOptions({
      onSuccess: async (provider) => {
        load(provider)
        await queries.invalidateQueries()
        notifications.show({ message: 'Saved' })
      },
    }),
  )
  const remove = useMutation(
    api.providers.remove.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries()
        await navigate({ to: '/console/providers' })
      },
    }),
  )
  return (
    <Page
      title={
        read.data ? (
          <Group gap="sm">
            {read.data.displayName} <HealthBadge health={read.data.health} detail={read.data.healthDetail} />
          </Group>
        ) : (
          name
        )
      }
      crumb={{ to: '/console/providers', text: 'Providers' }}
      action={
        <Group gap="sm">
          <Button
            variant="default"
            loading={remove.isPending}
            onClick={() => window.confirm(`Delete ${name}?`) && remove.mutate({ organization, name })}
          >
            Delete
          </Button>
          <Button loading={save.isPending} disabled={!form} onClick={() => form && save.mutate({ ...form, etag })}>
            Save changes
          </Button>
        </Group>
      }
    >
      {read.data && read.data.health !== 'ok' && providerFaults[read.data.healthDetail] && (
        <Notice tone="review" title="The last call failed">
          {providerFaults[read.data.healthDetail]}
        </Notice>
      )}
      <Fault error={read.error ?? save.error ?? remove.error} />
      {!form && !read.error && <Loading rows={6} />}
      {form && <Editor form={form} setForm={setForm} saved={read.data ?? null} errors={fieldErrors(save.error)} />}
    </Page>
  )
}
