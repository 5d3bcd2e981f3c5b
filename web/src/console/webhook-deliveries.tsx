import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { api, client } from '../api.ts'
import { Empty, ErrorNotice, Loading } from '../ui/parts.tsx'
import { Table, When } from './table.tsx'

type Delivery = Awaited<ReturnType<typeof client.webhooks.deliveries>>['items'][number]

const states = { waiting: 'Waiting', delivered: 'Delivered', failed: 'Failed for good' } as const
const faults = {
  refused_status: 'answered with an error',
  timed_out: 'no answer in 15 seconds',
  unreachable: 'could not be reached',
  address_not_allowed: 'a private address, not allowed by the operator',
  gone: 'said that it is gone',
} as const

const deliveryText = (row: Delivery): string => {
  const fault = row.lastFault ? `: ${faults[row.lastFault]}${row.lastStatus ? ` (${row.lastStatus})` : ''}` : ''
  return `${states[row.state]}${fault}`
}

/** The deliveries to one endpoint, newest first, each of which can be sent again. */
export const Deliveries = ({ id }: { id: string }) => {
  const list = useInfiniteQuery({
    queryKey: ['deliveries', id],
    queryFn: ({ pageParam }) =>
      client.webhooks.deliveries({ id, limit: 25, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
  const resend = useMutation(
    api.webhooks.resend.mutationOptions({
      onSuccess: async () => {
        notifications.show({ message: 'Queued for delivery' })
        await list.refetch()
      },
    }),
  )
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <ErrorNotice error={list.error ?? resend.error} onRetry={() => void list.refetch()} />
      {list.isPending && <Loading rows={3} />}
      {list.data && rows.length === 0 && (
        <Empty title="Nothing sent yet">Events from now on appear here, with every attempt.</Empty>
      )}
      {rows.length > 0 && (
        <Table
          label={`Deliveries, ${list.data?.pages[0]?.total ?? 0}`}
          rows={rows}
          keyOf={(row) => row.id}
          columns={[
            { name: 'When', cell: (row) => <When at={row.createdAt} /> },
            { name: 'Event', cell: (row) => row.type },
            { name: 'State', cell: deliveryText },
            { name: 'Attempts', cell: (row) => row.attempts },
            { name: 'Next attempt', cell: (row) => <When at={row.nextAttemptAt} /> },
            {
              name: 'Actions',
              hidden: true,
              cell: (row) => (
                <Group justify="flex-end">
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={resend.isPending && resend.variables?.delivery === row.id}
                    onClick={() => resend.mutate({ id, delivery: row.id })}
                  >
                    Send again
                  </Button>
                </Group>
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
    </>
  )
}
