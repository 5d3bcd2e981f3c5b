import { Button, Group, Modal, MultiSelect, Stack, Switch, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type client, fieldErrors, queries } from '../api.ts'
import { ConfirmButton } from '../ui/confirm.tsx'
import { Copyable } from '../ui/copy-button.tsx'
import { Empty, ErrorNotice, Loading, Notice, Page } from '../ui/parts.tsx'
import { useSession } from '../ui/session.tsx'
import { Table } from './table.tsx'
import { Deliveries } from './webhook-deliveries.tsx'

type Webhook = Awaited<ReturnType<typeof client.webhooks.list>>['items'][number]
type WebhookType = Webhook['types'][number]

/** A type that the contract has and this list lacks does not compile. */
const listed: Record<WebhookType, true> = {
  'verification.created': true,
  'verification.waiting': true,
  'verification.checking': true,
  'verification.verified': true,
  'verification.rejected': true,
  'verification.review': true,
  'verification.expired': true,
  'verification.cancelled': true,
  'verification.failed': true,
  'verification.alarm': true,
  'user.sealed': true,
  'provider.degraded': true,
  'provider.quota_warning': true,
}
const types = Object.keys(listed) as WebhookType[]

/** How an endpoint is doing, in words. */
const stateOf = (row: Webhook): string => {
  if (row.disabledReason === 'failing') return 'Disabled: no delivery succeeded for five days'
  if (row.disabledReason === 'gone') return 'Disabled: the receiver said that it is gone'
  if (!row.isEnabled) return 'Disabled'
  return row.failingSince ? 'Failing, tried again' : 'Enabled'
}

const Editor = ({ row, onClose }: { row: Webhook | null; onClose: (secret: string | null) => void }) => {
  const { session } = useSession()
  const [organization, setOrganization] = useState(session?.user.organization ?? '')
  const [url, setUrl] = useState(row?.url ?? '')
  const [chosen, setChosen] = useState<string[]>(row?.types ?? [])
  const [isEnabled, setEnabled] = useState(row?.isEnabled ?? true)
  const create = useMutation(
    api.webhooks.create.mutationOptions({
      onSuccess: async ({ secret }) => {
        await queries.invalidateQueries()
        onClose(secret)
      },
    }),
  )
  const update = useMutation(
    api.webhooks.update.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries()
        notifications.show({ message: 'Saved' })
        onClose(null)
      },
    }),
  )
  const error = create.error ?? update.error
  const errors = fieldErrors(error)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const input = { url, types: chosen as WebhookType[], description: row?.description ?? '' }
        if (row) update.mutate({ id: row.id, isEnabled, ...input })
        else create.mutate({ organization, ...input })
      }}
    >
      <Stack gap="md">
        <ErrorNotice error={error} />
        {!row && session?.user.isGlobalAdmin && (
          <TextInput
            label="Organization"
            value={organization}
            error={errors.organization}
            onChange={(event) => setOrganization(event.currentTarget.value)}
          />
        )}
        <TextInput
          label="Address"
          description="Your server’s, beginning with https://"
          required
          withAsterisk={false}
          value={url}
          error={errors.url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <MultiSelect
          label="What it is told"
          description="Nothing chosen: everything"
          data={types}
          value={chosen}
          onChange={setChosen}
        />
        {row && <Switch label="On" checked={isEnabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />}
        <Button type="submit" loading={create.isPending || update.isPending}>
          {row ? 'Save' : 'Add endpoint'}
        </Button>
      </Stack>
    </form>
  )
}

const Actions = ({
  row,
  onEdit,
  onSecret,
  onTested,
}: {
  row: Webhook
  onEdit: () => void
  onTested: () => void
  onSecret: (secret: string) => void
}) => {
  const replace = useMutation(
    api.webhooks.replaceSecret.mutationOptions({ onSuccess: ({ secret }) => onSecret(secret) }),
  )
  const remove = useMutation(api.webhooks.remove.mutationOptions({ onSuccess: () => queries.invalidateQueries() }))
  const test = useMutation(
    api.webhooks.test.mutationOptions({
      onSuccess: async () => {
        notifications.show({ message: 'Test queued: how it went appears below in a moment' })
        onTested()
        await queries.invalidateQueries()
      },
    }),
  )
  return (
    <Stack gap="xs">
      <ErrorNotice error={replace.error ?? remove.error ?? test.error} />
      <Group justify="flex-end" gap="xs">
        {row.isEnabled && (
          <Button
            size="compact-sm"
            variant="default"
            loading={test.isPending}
            onClick={() => test.mutate({ id: row.id })}
          >
            Send test
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={onEdit}>
          Edit
        </Button>
        <ConfirmButton
          size="compact-sm"
          loading={replace.isPending}
          question={{
            title: 'Make a new signing secret?',
            body: 'The old secret stops working at once. Your server has to know the new one to check signatures.',
            action: 'Make a new secret',
          }}
          onConfirm={() => replace.mutate({ id: row.id })}
        >
          Replace secret
        </ConfirmButton>
        <ConfirmButton
          size="compact-sm"
          loading={remove.isPending}
          question={{
            title: 'Delete this endpoint?',
            body: `${row.url} is not called any more. Its deliveries are deleted with it.`,
            action: 'Delete',
          }}
          onConfirm={() => remove.mutate({ id: row.id })}
        >
          Delete
        </ConfirmButton>
      </Group>
    </Stack>
  )
}

/** Endpoints of outgoing webhooks, their signing secrets, and what was sent to each. */
export const Webhooks = () => {
  const list = useQuery(api.webhooks.list.queryOptions({ input: {} }))
  const [editing, setEditing] = useState<Webhook | 'new' | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const [shown, setShown] = useState<string | null>(null)
  const rows = list.data?.items ?? []
  const add = <Button onClick={() => setEditing('new')}>Add endpoint</Button>
  return (
    <Page title="Webhooks" action={rows.length > 0 ? add : undefined}>
      <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      {secret && (
        <Notice tone="review" role="status" title="Copy the signing secret now: it is not shown again">
          <Stack gap="sm" mt="xs">
            <Copyable label="Signing secret" text={secret} />
            <Group>
              <Button size="compact-md" variant="default" onClick={() => setSecret(null)}>
                I have copied it
              </Button>
            </Group>
          </Stack>
        </Notice>
      )}
      {list.isPending && <Loading rows={3} />}
      {list.data && rows.length === 0 && (
        <Empty title="No endpoint yet" action={add}>
          Your server is called when a verification changes its state or a provider fails. Calls carry ids and states,
          and are signed.
        </Empty>
      )}
      {rows.length > 0 && (
        <Table
          label="Endpoints"
          rows={rows}
          keyOf={(row) => row.id}
          columns={[
            { name: 'Address', cell: (row) => <span style={{ overflowWrap: 'anywhere' }}>{row.url}</span> },
            { name: 'Organization', cell: (row) => row.organization },
            { name: 'Events', cell: (row) => (row.types.length === 0 ? 'Everything' : row.types.join(', ')) },
            { name: 'State', cell: (row) => <Text size="sm">{stateOf(row)}</Text> },
            {
              name: 'Deliveries',
              cell: (row) => (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-expanded={shown === row.id}
                  onClick={() => setShown(shown === row.id ? null : row.id)}
                >
                  {shown === row.id ? 'Hide' : 'Show'}
                </Button>
              ),
            },
            {
              name: 'Actions',
              hidden: true,
              cell: (row) => (
                <Actions
                  row={row}
                  onEdit={() => setEditing(row)}
                  onSecret={setSecret}
                  onTested={() => setShown(row.id)}
                />
              ),
            },
          ]}
        />
      )}
      {shown && <Deliveries key={shown} id={shown} />}
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={editing === 'new' ? 'Add endpoint' : 'Edit endpoint'}
        centered
      >
        {editing && (
          <Editor
            row={editing === 'new' ? null : editing}
            onClose={(made) => {
              setEditing(null)
              if (made) setSecret(made)
            }}
          />
        )}
      </Modal>
    </Page>
  )
}
