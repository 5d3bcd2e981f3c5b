import { Button, Code, Group, Modal, Stack, Text } from '@mantine/core'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { client } from '../api.ts'
import { Empty, ErrorNotice, Loading, Notice, Page } from '../ui/parts.tsx'
import { Table, When } from './table.tsx'

type Mail = Awaited<ReturnType<typeof client.mails.list>>['items'][number]

const faults: Record<NonNullable<Mail['lastFault']>, string> = {
  unreachable: 'The mail server cannot be reached',
  timed_out: 'The mail server did not answer in time',
  not_encrypted: 'The connection could not be encrypted',
  sign_in_refused: 'The mail server refused our name or password',
  refused: 'The mail server refused the message',
  too_late: 'Its link or code expired before it could be sent',
}

/** The state of a message in words. */
const stateOf = (row: Mail): string => {
  if (row.state === 'sent') return 'Sent'
  if (row.state === 'kept') return 'Kept here'
  const fault = row.lastFault ? `: ${faults[row.lastFault]}` : ''
  return row.state === 'failed' ? `Not sent${fault}` : `On its way${fault && `, tried again${fault}`}`
}

/** Messages to people. Without a mail server they can be read here, and each view is recorded. */
export const Mails = () => {
  const list = useInfiniteQuery({
    queryKey: ['mails'],
    queryFn: ({ pageParam }) => client.mails.list({ limit: 50, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
  const open = useMutation({ mutationFn: (id: string) => client.mails.open({ id }) })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  const first = list.data?.pages[0]
  return (
    <Page
      title="Mail"
      action={
        <Button variant="default" loading={list.isRefetching} onClick={() => void list.refetch()}>
          Refresh
        </Button>
      }
    >
      {first && !first.isSending && (
        <Notice tone="review" title="No mail server is set: messages are only kept here">
          <p>
            They are kept here for three days. Links and codes in them work, so every view is recorded. To send them,
            set <Code>SMTP_URL</Code> and <Code>MAIL_FROM</Code> and start the server again.
          </p>
        </Notice>
      )}
      <ErrorNotice error={list.error ?? open.error} onRetry={() => void list.refetch()} />
      {list.isPending && <Loading rows={8} />}
      {first && rows.length === 0 && (
        <Empty title="No messages">
          Messages appear here when somebody signs up, asks for a new password or a code, or changes their email
          address.
        </Empty>
      )}
      {rows.length > 0 && (
        <Table
          label={`Messages, ${first?.total ?? 0}`}
          rows={rows}
          keyOf={(row) => row.id}
          columns={[
            { name: 'When', cell: (row) => <When at={row.createdAt} /> },
            { name: 'To', cell: (row) => <span style={{ overflowWrap: 'anywhere' }}>{row.to}</span> },
            { name: 'Subject', cell: (row) => row.subject },
            { name: 'Organization', cell: (row) => row.organization },
            { name: 'State', cell: stateOf },
            {
              name: 'Read',
              hidden: true,
              cell: (row) =>
                row.state === 'kept' && (
                  <Button
                    size="xs"
                    variant="default"
                    loading={open.isPending && open.variables === row.id}
                    aria-label={`Read ${row.subject} to ${row.to}`}
                    onClick={() => open.mutate(row.id)}
                  >
                    Read
                  </Button>
                ),
            },
          ]}
        />
      )}
      {list.hasNextPage && (
        <Group>
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
      <Modal opened={open.data !== undefined} onClose={() => open.reset()} title={open.data?.subject} size="lg">
        {open.data && (
          <Stack gap="sm">
            <Text size="sm" c="dimmed">
              To {open.data.to}
            </Text>
            <div data-testid="mail-text" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {open.data.text}
            </div>
          </Stack>
        )}
      </Modal>
    </Page>
  )
}
