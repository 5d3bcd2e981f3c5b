import { Anchor, Button, Group, NativeSelect } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { verificationStates } from '../../../contract/src/state-names.ts'
import { client } from '../api.ts'
import { readSentence } from '../sentences.ts'
import { Empty, Fault, Loading, Page } from '../ui/parts.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { Table, When } from './table.tsx'

const label = (state: string): string => state.charAt(0).toUpperCase() + state.slice(1)

export const Verifications = () => {
  const { state, user } = useSearch({ strict: false }) as { state?: string; user?: string }
  const navigate = useNavigate()
  const known = verificationStates.find((entry) => entry === state)
  const list = useInfiniteQuery({
    queryKey: ['verifications', known ?? '', user ?? ''],
    queryFn: ({ pageParam }) =>
      client.verifications.list({
        limit: 50,
        ...(known ? { state: known } : {}),
        ...(user ? { user } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: 10_000,
  })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page title={user ? `Verifications of ${user}` : 'Verifications'}>
      <Group align="flex-end">
        <NativeSelect
          label="State"
          value={known ?? ''}
          data={[
            { value: '', label: 'All' },
            ...verificationStates.map((entry) => ({ value: entry, label: label(entry) })),
          ]}
          onChange={(event) =>
            void navigate({
              to: '/console/verifications',
              search: {
                ...(event.currentTarget.value ? { state: event.currentTarget.value } : {}),
                ...(user ? { user } : {}),
              },
            })
          }
        />
        {user && (
          <Button variant="default" onClick={() => void navigate({ to: '/console/verifications', search: {} })}>
            Show everybody
          </Button>
        )}
      </Group>
      {list.error ? <Fault error={list.error} onAgain={() => void list.refetch()} /> : null}
      {list.isPending && <Loading rows={8} />}
      {!list.isPending && rows.length === 0 && !list.error && (
        <Empty
          title={known ? `None is ${known}` : 'No verifications yet'}
          action={
            known ? undefined : (
              <Button component={Link} to="/console/applications" variant="default">
                Open applications
              </Button>
            )
          }
        >
          {known
            ? 'Choose another state to see more.'
            : 'Add a provider to an application, then verify yourself: every attempt appears here.'}
        </Empty>
      )}
      {rows.length > 0 && (
        <Table
          label={`Verifications, ${list.data?.pages[0]?.total ?? 0}`}
          rows={rows}
          keyOf={(row) => row.id}
          columns={[
            {
              name: 'Reference',
              cell: (row) => (
                <Anchor component={Link} to={`/console/verifications/${row.id}`} fw={600} className="mono">
                  {row.reference}
                </Anchor>
              ),
            },
            {
              name: 'State',
              cell: (row) => (
                <StateBadge staff state={row.state} test={row.isTest} demonstration={row.isDemonstration} />
              ),
            },
            { name: 'Person', cell: (row) => `${row.person.organization}/${row.person.name}` },
            { name: 'Provider', cell: (row) => row.provider },
            {
              name: 'Reason',
              cell: (row) =>
                row.reasons.map((reason) => readSentence(reason.code, reason.values).title).join(' · ') || '–',
            },
            { name: 'Started', cell: (row) => <When at={row.createdAt} /> },
          ]}
        />
      )}
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Page>
  )
}
