import { Anchor, Button, Group, MultiSelect, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type client, fieldErrors, queries } from '../api.ts'
import { ConfirmButton } from '../ui/confirm.tsx'
import { Copyable } from '../ui/copy-button.tsx'
import { ErrorNotice, Loading, Notice } from '../ui/parts.tsx'
import { Table, When } from './table.tsx'

type Scope = Awaited<ReturnType<typeof client.apiKeys.list>>['items'][number]['scopes'][number]

const scopes: { value: Scope; label: string }[] = [
  { value: 'verifications:read', label: 'Read verifications' },
  { value: 'verifications:write', label: 'Start and cancel verifications' },
  { value: 'verifications:review', label: 'Decide reviews' },
  { value: 'users:read', label: 'Read users' },
  { value: 'users:write', label: 'Create, change and erase users' },
  { value: 'audit:read', label: 'Read the audit log' },
  { value: 'settings:read', label: 'Read organization, applications and providers' },
  { value: 'webhooks:read', label: 'Read webhooks' },
  { value: 'webhooks:write', label: 'Change webhooks' },
]
const labelOf = (scope: Scope): string => scopes.find((entry) => entry.value === scope)?.label ?? scope

/** Keys by which the application's server calls the API. */
export const ApiKeys = ({ application }: { application: string }) => {
  const list = useQuery(api.apiKeys.list.queryOptions({ input: { application } }))
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<string[]>([])
  const [newKey, setNewKey] = useState<string | null>(null)
  const create = useMutation(
    api.apiKeys.create.mutationOptions({
      onSuccess: async ({ key }) => {
        setNewKey(key)
        setName('')
        setChosen([])
        await queries.invalidateQueries()
      },
    }),
  )
  const revoke = useMutation(api.apiKeys.revoke.mutationOptions({ onSuccess: () => queries.invalidateQueries() }))
  const errors = fieldErrors(create.error)
  const rows = list.data?.items ?? []
  return (
    <section className="card">
      <Stack gap="md">
        <Title order={2} size="h4">
          API keys
        </Title>
        <Text size="sm">
          For the application’s own server. A key acts within this organization only.{' '}
          <Anchor href="/docs">How to use the API</Anchor>
        </Text>
        <ErrorNotice error={list.error ?? create.error ?? revoke.error} />
        {newKey && (
          <Notice tone="review" role="status" title="Copy the key now: it is not shown again">
            <Stack gap="sm" mt="xs">
              <Copyable label="API key" text={newKey} />
              <Group>
                <Button size="compact-md" variant="default" onClick={() => setNewKey(null)}>
                  I have copied it
                </Button>
              </Group>
            </Stack>
          </Notice>
        )}
        {list.isPending && <Loading rows={2} />}
        {rows.length > 0 && (
          <Table
            label="API keys"
            rows={rows}
            keyOf={(row) => row.id}
            columns={[
              { name: 'Name', cell: (row) => row.name },
              { name: 'Key', cell: (row) => <span className="mono">vd_…{row.ending}</span> },
              { name: 'Permissions', cell: (row) => row.scopes.map(labelOf).join(', ') },
              { name: 'Created by', cell: (row) => row.createdBy },
              { name: 'Last used', cell: (row) => <When at={row.lastUsedAt} /> },
              {
                name: 'Actions',
                hidden: true,
                cell: (row) => (
                  <Group justify="flex-end">
                    <ConfirmButton
                      size="compact-sm"
                      aria-label={`Revoke ${row.name}`}
                      loading={revoke.isPending && revoke.variables?.id === row.id}
                      question={{
                        title: 'Revoke this key?',
                        body: `Calls with “${row.name}” are refused from now on. This cannot be undone.`,
                        action: 'Revoke',
                      }}
                      onConfirm={() => revoke.mutate({ application, id: row.id })}
                    >
                      Revoke
                    </ConfirmButton>
                  </Group>
                ),
              },
            ]}
          />
        )}
        <Stack gap="md" maw={560}>
          <TextInput
            label="Name of a new key"
            description="What uses it, so that you know which key to revoke"
            value={name}
            error={errors.name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <MultiSelect label="Permissions" data={scopes} value={chosen} onChange={setChosen} error={errors.scopes} />
          <Group>
            <Button
              variant="default"
              disabled={name.trim() === '' || chosen.length === 0}
              loading={create.isPending}
              onClick={() => create.mutate({ application, name, scopes: chosen as Scope[] })}
            >
              Create key
            </Button>
          </Group>
        </Stack>
      </Stack>
    </section>
  )
}
