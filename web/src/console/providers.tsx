import { Anchor, Button, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../api.ts'
import { Empty, ErrorNotice, Loading, Page } from '../ui/parts.tsx'
import { HealthBadge } from '../ui/state-badge.tsx'
import { approvalWords } from './approval-words.ts'
import { ApprovalBadge } from './provider-approval.tsx'
import { Table } from './table.tsx'

/** What the badges in the list mean, for those that are there. */
const ApprovalMeanings = ({ rows }: { rows: readonly { isApproved: boolean }[] }) => (
  <Stack gap={4}>
    {[true, false]
      .filter((isApproved) => rows.some((row) => row.isApproved === isApproved))
      .map((isApproved) => {
        const { badge, meaning } = approvalWords(isApproved)
        return (
          <Text key={badge} size="sm" c="dimmed">
            <strong>{badge}:</strong> {meaning}
          </Text>
        )
      })}
  </Stack>
)

export const Providers = () => {
  const list = useQuery(api.providers.list.queryOptions({ input: {} }))
  const add = (
    <Button component={Link} to="/console/providers/new">
      Add provider
    </Button>
  )
  return (
    <Page title="Providers" action={add}>
      {list.error ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
      {!list.data && !list.error && <Loading rows={3} />}
      {list.data?.items.length === 0 && (
        <Empty title="No providers yet" action={add}>
          A provider checks documents and faces. Add one, then attach it to an application.
        </Empty>
      )}
      {list.data && list.data.items.length > 0 && (
        <Table
          label="Providers"
          rows={list.data.items}
          keyOf={(row) => `${row.organization}/${row.name}`}
          columns={[
            {
              name: 'Provider',
              cell: (row) => (
                <Anchor component={Link} to={`/console/providers/${row.organization}/${row.name}`} fw={600}>
                  {row.displayName}
                </Anchor>
              ),
            },
            { name: 'Category', cell: (row) => row.category },
            { name: 'Type', cell: (row) => row.type },
            { name: 'Organization', cell: (row) => (row.organization === 'admin' ? 'Shared' : row.organization) },
            {
              name: 'This month',
              cell: (row) => (row.monthlyLimit ? `${row.usedThisMonth} of ${row.monthlyLimit}` : row.usedThisMonth),
            },
            {
              name: 'Used by',
              cell: (row) => row.usedBy.map((application) => application.displayName).join(', ') || 'Nobody',
            },
            { name: 'Health', cell: (row) => <HealthBadge health={row.health} detail={row.healthDetail} /> },
            { name: 'Approval', cell: (row) => <ApprovalBadge isApproved={row.isApproved} /> },
          ]}
        />
      )}
      {list.data && <ApprovalMeanings rows={list.data.items} />}
    </Page>
  )
}
