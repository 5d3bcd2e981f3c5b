import { Anchor, Button, Group, NativeSelect, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { verificationStates } from '../../../contract/src/state-names.ts'
import { api, client, poll } from '../api.ts'
import { readSentence } from '../sentences.ts'
import { Empty, ErrorNotice, Loading, Page } from '../ui/parts.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { verificationMark } from './approval-words.ts'
import { Table, When } from './table.tsx'
import { stateText } from './words.ts'

const POLL_MS = 10_000
const kinds = [
  { value: 'real', label: 'Without tests' },
  { value: 'test', label: 'Tests' },
  { value: 'all', label: 'All' },
] as const
type Search = { state?: string; user?: string; kind?: string; provider?: string; application?: string }

type FilterProps = { search: Search; onChange: (change: Search) => void }

/** Provider and application, as far as there is a choice. */
const SourceFilters = ({ search, onChange }: FilterProps) => {
  const providers = useQuery(api.providers.list.queryOptions({ input: {} }))
  const applications = useQuery(api.applications.list.queryOptions({ input: {} }))
  const all = { value: '', label: 'All' }
  return (
    <>
      <NativeSelect
        label="Provider"
        value={search.provider ?? ''}
        data={[
          all,
          ...(providers.data?.items ?? []).map((row) => ({
            value: `${row.organization}/${row.name}`,
            label: row.displayName,
          })),
        ]}
        onChange={(event) => onChange({ provider: event.currentTarget.value })}
      />
      <NativeSelect
        label="Application"
        value={search.application ?? ''}
        data={[all, ...(applications.data?.items ?? []).map((row) => ({ value: row.name, label: row.displayName }))]}
        onChange={(event) => onChange({ application: event.currentTarget.value })}
      />
    </>
  )
}

/** Opens an attempt by the reference that people quote. */
const FindByReference = () => {
  const navigate = useNavigate()
  const [reference, setReference] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const text = reference.trim()
        if (text !== '') void navigate({ to: '/console/verifications/$id', params: { id: text } })
      }}
    >
      <Group align="flex-end" gap="xs">
        <TextInput
          label="Reference"
          placeholder="VD-7KQ2-M4XR"
          spellCheck={false}
          autoCapitalize="characters"
          value={reference}
          onChange={(event) => setReference(event.currentTarget.value)}
        />
        <Button type="submit" variant="default">
          Open
        </Button>
      </Group>
    </form>
  )
}

export const Verifications = () => {
  const search = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  const { user, provider, application } = search
  const state = verificationStates.find((entry) => entry === search.state)
  const kind = kinds.find(({ value }) => value === search.kind)?.value ?? 'real'
  const show = (change: Search): void => {
    const next = { ...search, ...change }
    void navigate({
      to: '/console/verifications',
      search: Object.fromEntries(Object.entries(next).filter(([, value]) => value)),
    })
  }
  const list = useInfiniteQuery({
    queryKey: ['verifications', state ?? '', user ?? '', kind, provider ?? '', application ?? ''],
    queryFn: ({ pageParam }) =>
      client.verifications.list({
        limit: 50,
        ...(state ? { state } : {}),
        ...(user ? { user } : {}),
        ...(provider ? { provider } : {}),
        ...(application ? { application } : {}),
        ...(kind === 'all' ? {} : { isTest: kind === 'test' }),
        ...(pageParam ? { cursor: pageParam } : {}),
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: poll(() => POLL_MS),
  })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  const isFiltered = Boolean(state ?? user ?? provider ?? application) || kind !== 'real'
  return (
    <Page title={user ? `Verifications of ${user}` : 'Verifications'}>
      <Group align="flex-end">
        <NativeSelect
          label="State"
          value={state ?? ''}
          data={[
            { value: '', label: 'All' },
            ...verificationStates.map((entry) => ({ value: entry, label: stateText(entry) })),
          ]}
          onChange={(event) => show({ state: event.currentTarget.value })}
        />
        <NativeSelect
          label="Show"
          value={kind}
          data={kinds.map(({ value, label }) => ({ value, label }))}
          onChange={(event) => show({ kind: event.currentTarget.value === 'real' ? '' : event.currentTarget.value })}
        />
        <SourceFilters search={search} onChange={show} />
        <FindByReference />
        {user && (
          <Button variant="default" onClick={() => show({ user: '' })}>
            Show everybody
          </Button>
        )}
      </Group>
      {list.error ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending && <Loading rows={8} />}
      {!list.isPending && rows.length === 0 && !list.error && (
        <Empty
          title={isFiltered ? 'No verification fits' : 'No verifications yet'}
          action={
            isFiltered ? undefined : (
              <Button component={Link} to="/console/applications" variant="default">
                Open applications
              </Button>
            )
          }
        >
          {isFiltered
            ? 'Choose other filters to see more.'
            : 'Attach a provider to an application, then verify yourself: every attempt appears here.'}
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
                <Anchor component={Link} to={`/console/verifications/${row.reference}`} fw={600} className="mono">
                  {row.reference}
                </Anchor>
              ),
            },
            {
              name: 'State',
              cell: (row) => (
                <StateBadge
                  staff
                  state={row.state}
                  test={row.isTest}
                  demonstration={row.isDemonstration}
                  mark={verificationMark(row)}
                />
              ),
            },
            {
              name: 'Person',
              cell: (row) => (
                <span className="truncated">
                  {row.person.organization}/{row.person.name}
                </span>
              ),
            },
            { name: 'Provider', cell: (row) => row.provider },
            {
              name: 'Reason',
              cell: (row) => row.reasons.map(({ code, values }) => readSentence(code, values).title).join(' · ') || '–',
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
