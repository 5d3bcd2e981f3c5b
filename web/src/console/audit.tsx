import { Button, Group, Text } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api, client } from '../api.ts'
import { Fault, Loading, Notice, Page } from '../ui/parts.tsx'
import { Table, When } from './table.tsx'

const words: Record<string, string> = {
  'verify-identification': 'started a verification',
  verification: 'moved a verification',
  'verification-alarm': 'raised an alarm',
  'review-verification': 'reviewed a verification',
  'sign-in': 'signed in',
  signup: 'signed up',
  'update-user': 'changed a user',
  'add-user': 'added a user',
  'delete-user': 'erased a user',
  'reveal-number': 'looked at the own number',
  'ask-for-password': 'asked for a new password',
  'confirm-email': 'confirmed the email address',
  'read-mail': 'read a message',
  'remove-second-step': 'turned off a second step',
  'set-password': 'changed the password',
}
const actionWord = (action: string): string => words[action] ?? action.replaceAll('-', ' ')

export const Audit = () => {
  const chain = useQuery(api.audit.verify.queryOptions({ input: {} }))
  const list = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam }) => client.audit.list({ limit: 50, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page title="Audit">
      {chain.data?.ok && (
        <Notice tone="good" title="The chain is whole">
          <p>
            {chain.data.lines} lines checked, <When at={chain.data.checkedAt} />
          </p>
        </Notice>
      )}
      {chain.data && !chain.data.ok && (
        <Notice tone="bad" role="alert" title="The chain is broken">
          <p>
            First bad line: {chain.data.firstBadLine}. Someone changed the record behind our back. Keep a copy of the
            database, and find out who.
          </p>
        </Notice>
      )}
      <Fault error={chain.error ?? list.error} onAgain={() => void list.refetch()} />
      {list.isPending && <Loading rows={8} />}
      {rows.length > 0 && (
        <Table
          label={`Audit lines, ${list.data?.pages[0]?.total ?? 0}`}
          rows={rows}
          keyOf={(row) => `${row.organization}${row.number}`}
          columns={[
            { name: 'When', cell: (row) => <When at={row.at} /> },
            { name: 'Who', cell: (row) => row.actor },
            { name: 'Did what', cell: (row) => actionWord(row.action) },
            { name: 'To what', cell: (row) => row.target },
            {
              name: 'Result',
              cell: (row) => (
                <div>
                  <Text size="sm">
                    {row.after ? (row.before ? `${row.before} → ${row.after}` : row.after) : row.result}
                  </Text>
                  {row.reasons.length > 0 && (
                    <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                      {row.reasons.join(' · ')}
                    </Text>
                  )}
                </div>
              ),
            },
            { name: 'Reference', cell: (row) => <span className="mono">{row.reference ?? '–'}</span> },
            { name: 'Address', cell: (row) => <span className="mono">{row.address || '–'}</span> },
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
    </Page>
  )
}
