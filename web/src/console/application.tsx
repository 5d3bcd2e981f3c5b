import { ActionIcon, Anchor, Button, Code, Group, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { api, type client, fieldErrors, queries } from '../api.ts'
import { ColourField } from '../ui/colour-field.tsx'
import { Fault, Loading, Page } from '../ui/parts.tsx'
import { HealthBadge } from '../ui/state-badge.tsx'
import { AddressList } from './address-list.tsx'
import { ApiKeys } from './api-keys.tsx'
import { SignInSettings } from './application-sign-in.tsx'
import { SignUpSettings } from './sign-up-fields.tsx'

type Application = Awaited<ReturnType<typeof client.applications.read>>

const Rows = ({ form, onChange }: { form: Application; onChange: (rows: Application['providers']) => void }) => {
  const all = useQuery(api.providers.list.queryOptions({ input: { organization: form.organization } }))
  const [adding, setAdding] = useState('')
  const rows = form.providers
  const free = (all.data?.items ?? []).filter(
    (provider) => !rows.some((row) => row.organization === provider.organization && row.name === provider.name),
  )
  const move = (index: number, by: number): void => {
    const next = [...rows]
    const [row] = next.splice(index, 1)
    if (row) next.splice(index + by, 0, row)
    onChange(next)
  }
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        The first ready provider is used; the next takes over when it is down or used up. Without one, people of this
        application cannot verify their identity.
      </Text>
      {rows.map((row, index) => (
        <Group
          key={`${row.organization}/${row.name}`}
          justify="space-between"
          wrap="nowrap"
          className="card"
          style={{ padding: '8px 12px' }}
        >
          <Group gap="sm">
            <Text c="dimmed">{index + 1}</Text>
            <Anchor component={Link} to={`/console/providers/${row.organization}/${row.name}`} fw={600}>
              {row.displayName}
            </Anchor>
            <Text size="sm" c="dimmed">
              {row.category}
            </Text>
            <HealthBadge health={row.health} />
          </Group>
          <Group gap={4} wrap="nowrap">
            <ActionIcon
              variant="subtle"
              aria-label={`Move ${row.displayName} up`}
              disabled={index === 0}
              onClick={() => move(index, -1)}
            >
              <IconArrowUp size={18} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              aria-label={`Move ${row.displayName} down`}
              disabled={index === rows.length - 1}
              onClick={() => move(index, 1)}
            >
              <IconArrowDown size={18} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              aria-label={`Remove ${row.displayName}`}
              onClick={() => onChange(rows.filter((other) => other !== row))}
            >
              <IconX size={18} />
            </ActionIcon>
          </Group>
        </Group>
      ))}
      {free.length > 0 && (
        <Group align="flex-end">
          <NativeSelect
            label="Provider"
            value={adding}
            onChange={(event) => setAdding(event.currentTarget.value)}
            data={[
              { value: '', label: 'Choose' },
              ...free.map((provider) => ({
                value: `${provider.organization}/${provider.name}`,
                label: provider.displayName,
              })),
            ]}
          />
          <Button
            variant="default"
            disabled={adding === ''}
            onClick={() => {
              const provider = free.find((entry) => `${entry.organization}/${entry.name}` === adding)
              if (provider) onChange([...rows, provider])
              setAdding('')
            }}
          >
            Add provider
          </Button>
        </Group>
      )}
    </Stack>
  )
}

export const ApplicationPage = () => {
  const { name } = useParams({ strict: false }) as { name: string }
  const navigate = useNavigate()
  const read = useQuery(api.applications.read.queryOptions({ input: { name } }))
  const [form, setForm] = useState<Application | null>(null)
  useEffect(() => {
    if (read.data && form?.name !== read.data.name) setForm(read.data)
  }, [read.data, form])
  const save = useMutation(
    api.applications.update.mutationOptions({
      onSuccess: async (data) => {
        setForm(data)
        await queries.invalidateQueries()
        notifications.show({ message: 'Saved' })
      },
    }),
  )
  const remove = useMutation(
    api.applications.remove.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries()
        await navigate({ to: '/console/applications' })
      },
    }),
  )
  const errors = fieldErrors(save.error)
  const submit = (): void => {
    if (!form) return
    const {
      displayName,
      logo,
      homepageUrl,
      redirectUris,
      postLogoutRedirectUris,
      isPublic,
      requirePkce,
      clientAuthentication,
      jwks,
      jwksUri,
      securityProfile,
      requireConsent,
      pairwiseSubjects,
      tokenFormat,
      backchannelLogoutUri,
      enableSignUp,
      enablePassword,
      enableEmailCode,
      signUpFields,
      colour,
      providers,
      etag,
    } = form
    save.mutate({
      name,
      displayName,
      logo,
      homepageUrl,
      // Empty rows are dropped by the server, which names the others by their place.
      redirectUris,
      postLogoutRedirectUris,
      isPublic,
      requirePkce,
      clientAuthentication,
      jwks,
      jwksUri,
      securityProfile,
      requireConsent,
      pairwiseSubjects,
      tokenFormat,
      backchannelLogoutUri,
      enableSignUp,
      enablePassword,
      enableEmailCode,
      signUpFields,
      colour,
      etag,
      providers: providers.map((row) => ({ organization: row.organization, name: row.name })),
    })
  }
  return (
    <Page
      title={form?.displayName ?? name}
      crumb={{ to: '/console/applications', text: 'Applications' }}
      action={
        <Group gap="sm">
          <Button
            variant="default"
            loading={remove.isPending}
            onClick={() =>
              window.confirm(`Delete ${name}? People who signed up through it keep their accounts.`) &&
              remove.mutate({ name })
            }
          >
            Delete
          </Button>
          <Button loading={save.isPending} onClick={submit} disabled={!form}>
            Save changes
          </Button>
        </Group>
      }
    >
      <Fault error={read.error ?? save.error ?? remove.error} />
      {!form && !read.error && <Loading rows={5} />}
      {form && (
        <>
          <section className="card">
            <Stack gap="md" maw={560}>
              <Title order={2} size="h4">
                General
              </Title>
              <TextInput
                label="Display name"
                value={form.displayName}
                error={errors.displayName}
                onChange={(event) => setForm({ ...form, displayName: event.currentTarget.value })}
              />
              <TextInput
                label="Homepage"
                description="Where people go on after a check"
                value={form.homepageUrl}
                error={errors.homepageUrl}
                onChange={(event) => setForm({ ...form, homepageUrl: event.currentTarget.value })}
              />
              <AddressList
                field="redirectUris"
                label="Return addresses"
                description="One a line, exactly as the application sends them"
                value={form.redirectUris}
                errors={errors}
                onChange={(redirectUris) => setForm({ ...form, redirectUris })}
              />
              <ColourField
                value={form.colour}
                description="Left empty: the organization’s. A shade of it that can be read is used"
                error={errors.colour}
                onChange={(colour) => setForm({ ...form, colour })}
              />
              <SignUpSettings form={form} onChange={(change) => setForm({ ...form, ...change })} />
              <Text size="sm">
                Sign-up address: <Code>{`${window.location.origin}/signup/${form.name}`}</Code>
              </Text>
            </Stack>
          </section>
          <SignInSettings form={form} errors={errors} onChange={setForm} />
          <ApiKeys application={form.name} />
          <section className="card">
            <Title order={2} size="h4" mb="sm">
              Providers
            </Title>
            <Rows form={form} onChange={(providers) => setForm({ ...form, providers })} />
          </section>
        </>
      )}
    </Page>
  )
}
