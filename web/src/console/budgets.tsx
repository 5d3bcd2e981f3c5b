import { Progress, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, type client, poll } from '../api.ts'
import { ErrorNotice, Loading, Page } from '../ui/parts.tsx'
import { Table, When } from './table.tsx'
import { budgetText, durationText } from './words.ts'

type Budget = Awaited<ReturnType<typeof client.budgets.list>>['items'][number]

const POLL_MS = 10_000
const MEGABYTE = 1_000_000

const amountText = (amount: number, unit: Budget['unit']): string =>
  unit === 'bytes' ? `${(amount / MEGABYTE).toFixed(1)} MB` : amount.toLocaleString('en-GB')

const limitText = ({ limit, unit, windowSec }: Budget): string =>
  `${amountText(limit, unit)} ${windowSec === null ? 'at once' : `in ${durationText(windowSec * 1_000)}`}`

/** How much of a budget is used: the figure beside the bar, so that nothing depends on seeing it. */
const Use = ({ budget }: { budget: Budget }) => {
  const share = Math.min(100, Math.round((budget.used / Math.max(1, budget.limit)) * 100))
  return (
    <div style={{ minWidth: 120 }}>
      <Text size="sm">
        {amountText(budget.used, budget.unit)} ({share} %)
      </Text>
      <Progress value={share} aria-hidden="true" />
    </div>
  )
}

/** What one tenant, member or stranger may use up, how far it is used, and what was refused. */
export const Budgets = () => {
  const list = useQuery({ ...api.budgets.list.queryOptions(), refetchInterval: poll(() => POLL_MS) })
  return (
    <Page title="Budgets">
      <Text c="dimmed">
        One organization, person or address can use up no more than this. Whoever reaches a limit is refused; everybody
        else goes on.
      </Text>
      <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending && <Loading rows={8} />}
      {list.data && (
        <Table
          label="Budgets"
          rows={list.data.items}
          keyOf={(row) => `${row.budget}/${row.scope}`}
          columns={[
            { name: 'Budget', sortBy: (row) => budgetText(row.budget), cell: (row) => budgetText(row.budget) },
            { name: 'For each', sortBy: (row) => row.scope, cell: (row) => budgetText(row.scope) },
            { name: 'Limit', cell: limitText },
            { name: 'Used', sortBy: (row) => row.used / Math.max(1, row.limit), cell: (row) => <Use budget={row} /> },
            { name: 'Refused', sortBy: (row) => row.refused, cell: (row) => row.refused.toLocaleString('en-GB') },
            { name: 'Last refused', cell: (row) => <When at={row.lastRefusedAt} /> },
          ]}
        />
      )}
    </Page>
  )
}
