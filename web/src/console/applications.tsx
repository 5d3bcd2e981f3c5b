import { Anchor, Button, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, fieldErrors, queries } from '../api.ts'
import { ErrorNotice, Loading, Page } from '../ui/parts.tsx'
import { useSession } from '../ui/session.tsx'
import { Table, When } from './table.tsx'

const Create = () => {
  const { session } = useSession()
  const organizations = useQuery(api.organizations.list.queryOptions({ input: {} }))
  const navigate = useNavigate()
  const [form, setForm] = useState({
    organization: session?.user.organization ?? 'built-in',
    name: '',
    displayName: '',
  })
  const create = useMutation(
    api.applications.create.mutationOptions({
      onSuccess: async (application) => {
        await queries.invalidateQueries()
        await navigate({ to: '/console/applications/$name', params: { name: application.name } })
      },
    }),
  )
  const errors = fieldErrors(create.error)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate(form)
      }}
    >
      <Stack gap="md">
        <ErrorNotice error={create.error} />
        <NativeSelect
          label="Organization"
          value={form.organization}
          onChange={(event) => setForm({ ...form, organization: event.currentTarget.value })}
          data={(organizations.data?.items ?? []).map((row) => ({ value: row.name, label: row.displayName }))}
        />
        <TextInput
          label="Name"
          description="Part of addresses; cannot be changed later"
          required
          withAsterisk={false}
          value={form.name}
          error={errors.name}
          onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
        />
        <TextInput
          label="Display name"
          required
          withAsterisk={false}
          value={form.displayName}
          error={errors.displayName}
          onChange={(event) => setForm({ ...form, displayName: event.currentTarget.value })}
        />
        <Button type="submit" loading={create.isPending}>
          Create
        </Button>
      </Stack>
    </form>
  )
}

export const Applications = () => {
  const list = useQuery(api.applications.list.queryOptions({ input: {} }))
  const { add } = useSearch({ strict: false }) as { add?: string }
  const [opened, { open, close }] = useDisclosure(add === 'new')
  return (
    <Page title="Applications" action={<Button onClick={open}>Add application</Button>}>
      {list.error ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
      {!list.data && !list.error && <Loading rows={3} />}
      {list.data && (
        <Table
          label="Applications"
          rows={list.data.items}
          keyOf={(row) => row.name}
          columns={[
            {
              name: 'Application',
              cell: (row) => (
                <Anchor component={Link} to={`/console/applications/${row.name}`} fw={600}>
                  {row.displayName}
                </Anchor>
              ),
            },
            { name: 'Organization', cell: (row) => row.organization },
            {
              name: 'Providers',
              cell: (row) => row.providers.map((provider) => provider.displayName).join(', ') || 'None',
            },
            { name: 'Sign-up', cell: (row) => (row.enableSignUp ? 'On' : 'Off') },
            { name: 'Created', cell: (row) => <When at={row.createdAt} /> },
          ]}
        />
      )}
      <Modal opened={opened} onClose={close} title="Add application" centered>
        <Create />
      </Modal>
    </Page>
  )
}
