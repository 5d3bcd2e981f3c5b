import { Anchor, Button, Group, NativeSelect, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, client } from '../api.ts'
import { staffReasonSentence } from '../sentences.ts'
import { Empty, ErrorNotice, Loading, Notice, Page } from '../ui/parts.tsx'
import {
  type AuditFilter,
  type AuditLine,
  download,
  MOST_LINES,
  readAllLines,
  toCsv,
  toJsonLines,
} from './audit-export.ts'
import { Table, When } from './table.tsx'
import { actionChoices, actionText, changeText, reasonText } from './words.ts'

const TYPING_MS = 300

/** Whether the chain of hashes still holds. */
const ChainState = () => {
  const chain = useQuery(api.audit.verify.queryOptions({ input: {} }))
  if (chain.error) return <ErrorNotice error={chain.error} />
  if (!chain.data) return null
  return chain.data.ok ? (
    <Notice tone="good" title="The chain is whole">
      <p>
        {chain.data.lines} lines checked, <When at={chain.data.checkedAt} />
      </p>
    </Notice>
  ) : (
    <Notice tone="bad" role="alert" title="The chain is broken">
      <p>
        First bad line: {chain.data.firstBadLine}. Somebody changed the record in the database. Keep a copy of the
        database, and find out who.
      </p>
    </Notice>
  )
}

const formats = {
  csv: { label: 'Export CSV', type: 'text/csv;charset=utf-8', write: toCsv },
  jsonl: { label: 'Export JSON Lines', type: 'application/x-ndjson', write: toJsonLines },
} as const

/** All lines that fit the filters, as a file. */
const Export = ({ filter, total }: { filter: AuditFilter; total: number }) => {
  const [lines, setLines] = useState(0)
  const run = useMutation({
    mutationFn: async (format: keyof typeof formats) => {
      const { type, write } = formats[format]
      download(`audit.${format}`, type, write(await readAllLines(filter, setLines)))
    },
  })
  return (
    <>
      <Group gap="sm">
        {(['csv', 'jsonl'] as const).map((format) => (
          <Button
            key={format}
            variant="default"
            loading={run.isPending && run.variables === format}
            disabled={run.isPending}
            onClick={() => run.mutate(format)}
          >
            {formats[format].label}
          </Button>
        ))}
        <Text size="sm" c="dimmed" role="status">
          {run.isPending ? `${lines} lines read` : run.isSuccess ? `${lines} lines exported` : ''}
          {total > MOST_LINES ? ` The newest ${MOST_LINES} lines are exported; the API has them all.` : ''}
        </Text>
      </Group>
      <ErrorNotice error={run.error} />
    </>
  )
}

const [isUser, isProvider] = [/^[^/]+\/[^/]+$/, /provider/]

/** What a line is about, as a link to its page where there is one. */
const Target = ({ line }: { line: AuditLine }) => {
  const isOfUser = isUser.test(line.target) && !isProvider.test(line.action) && !line.action.includes('application')
  if (line.provider && line.target === line.provider)
    return (
      <Anchor component={Link} to={`/console/providers/${line.provider}`}>
        {line.target}
      </Anchor>
    )
  return isOfUser ? (
    <Anchor component={Link} to={`/console/users/${line.target}`} className="truncated">
      {line.target}
    </Anchor>
  ) : (
    <span className="truncated">{line.target}</span>
  )
}

const Result = ({ line }: { line: AuditLine }) => (
  <div>
    <Text size="sm">{changeText(line.before, line.after, line.result)}</Text>
    {line.reasons.map((reason) => (
      <Text key={reason} size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {line.provider || line.reference ? staffReasonSentence(reason) : reasonText(reason)}
      </Text>
    ))}
  </div>
)

/** Filters, kept in the address. */
const Filters = ({ filter, onChange }: { filter: AuditFilter; onChange: (filter: AuditFilter) => void }) => {
  const find = useDebouncedCallback((target: string) => onChange({ ...filter, target }), TYPING_MS)
  return (
    <Group align="flex-end">
      <NativeSelect
        label="Action"
        value={filter.action ?? ''}
        data={[{ value: '', label: 'All' }, ...actionChoices]}
        onChange={(event) => onChange({ ...filter, action: event.currentTarget.value })}
      />
      <TextInput
        key={filter.target === undefined ? 'empty' : 'filled'}
        label="About"
        description="Whole name, such as built-in/ada"
        defaultValue={filter.target ?? ''}
        spellCheck={false}
        onChange={(event) => find(event.currentTarget.value.trim())}
      />
      {(filter.action ?? filter.target) && (
        <Button variant="default" onClick={() => onChange({})}>
          Show all
        </Button>
      )}
    </Group>
  )
}

export const Audit = () => {
  const { action, target, organization } = useSearch({ strict: false }) as AuditFilter
  const navigate = useNavigate()
  const filter: AuditFilter = {
    ...(action ? { action } : {}),
    ...(target ? { target } : {}),
    ...(organization ? { organization } : {}),
  }
  const list = useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam }) =>
      client.audit.list({ ...filter, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  const total = list.data?.pages[0]?.total ?? 0
  return (
    <Page title="Audit">
      <ChainState />
      <Filters
        filter={filter}
        onChange={(next) =>
          void navigate({
            to: '/console/audit',
            search: Object.fromEntries(Object.entries(next).filter(([, value]) => value)),
            replace: true,
          })
        }
      />
      <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending && <Loading rows={8} />}
      {list.data && rows.length === 0 && <Empty title="No line fits">Choose other filters to see more.</Empty>}
      {rows.length > 0 && (
        <>
          <Export filter={filter} total={total} />
          <Table
            label={`Audit lines, ${total}`}
            rows={rows}
            keyOf={(row) => `${row.organization}${row.number}`}
            columns={[
              { name: 'When', cell: (row) => <When at={row.at} /> },
              { name: 'Who', cell: (row) => <span className="truncated">{row.actor}</span> },
              { name: 'Did what', cell: (row) => actionText(row.action) },
              { name: 'To what', cell: (row) => <Target line={row} /> },
              { name: 'Result', cell: (row) => <Result line={row} /> },
              {
                name: 'Reference',
                cell: (row) =>
                  row.reference ? (
                    <Anchor component={Link} to={`/console/verifications/${row.reference}`} className="mono">
                      {row.reference}
                    </Anchor>
                  ) : (
                    '–'
                  ),
              },
              { name: 'Address', cell: (row) => <span className="mono">{row.address || '–'}</span> },
            ]}
          />
        </>
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
