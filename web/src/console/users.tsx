import { Anchor, Button, Modal, NativeSelect, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks'
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, client, fieldErrors, queries } from '../api.ts'
import { ownProviderMark } from '../ui/own-provider.ts'
import { Empty, ErrorNotice, Loading, Page } from '../ui/parts.tsx'
import { useSession } from '../ui/session.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { Table, When } from './table.tsx'

type Row = Awaited<ReturnType<typeof client.users.list>>['items'][number]

const Create = () => {
  const { session } = useSession()
  const organizations = useQuery(api.organizations.list.queryOptions({ input: {} }))
  const navigate = useNavigate()
  const [form, setForm] = useState({
    organization: session?.user.organization ?? 'built-in',
    name: '',
    email: '',
    password: '',
  })
  const create = useMutation(
    api.users.create.mutationOptions({
      onSuccess: async (user) => {
        await queries.invalidateQueries()
        await navigate({
          to: '/console/users/$organization/$name',
          params: { organization: user.organization, name: user.name },
        })
      },
    }),
  )
  const errors = fieldErrors(create.error)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate(form)
      }}
    >
      <Stack gap="md">
        <ErrorNotice error={create.error} />
        <NativeSelect
          label="Organization"
          value={form.organization}
          onChange={(event) => setForm({ ...form, organization: event.currentTarget.value })}
          data={(organizations.data?.items ?? []).map((row) => ({ value: row.name, label: row.displayName }))}
        />
        <TextInput
          label="Username"
          required
          withAsterisk={false}
          value={form.name}
          error={errors.name}
          onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
        />
        <TextInput
          label="Email"
          type="email"
          value={form.email}
          error={errors.email}
          onChange={(event) => setForm({ ...form, email: event.currentTarget.value })}
        />
        <PasswordInput
          label="First password"
          description="At least 10 characters. The person is asked to change it."
          required
          withAsterisk={false}
          minLength={10}
          value={form.password}
          error={errors.password}
          onChange={(event) => setForm({ ...form, password: event.currentTarget.value })}
        />
        <Button type="submit" loading={create.isPending}>
          Create
        </Button>
      </Stack>
    </form>
  )
}

export const Users = () => {
  const { search } = useSearch({ strict: false }) as { search?: string }
  const navigate = useNavigate()
  const [opened, { open, close }] = useDisclosure(false)
  const find = useDebouncedCallback(
    (text: string) => void navigate({ to: '/console/users', search: text ? { search: text } : {} }),
    250,
  )
  const list = useInfiniteQuery({
    queryKey: ['users', search ?? ''],
    queryFn: ({ pageParam }) =>
      client.users.list({ limit: 50, ...(search ? { search } : {}), ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  const total = list.data?.pages[0]?.total ?? 0
  // Part of a longer list is not sorted: what comes first may not be loaded yet.
  const sorts = (sortBy: (row: Row) => string) => (list.hasNextPage ? {} : { sortBy })
  return (
    <Page title="Users" action={<Button onClick={open}>Add user</Button>}>
      <TextInput
        aria-label="Search users"
        placeholder="Search by username, email or real name"
        defaultValue={search ?? ''}
        maw={400}
        onChange={(event) => find(event.currentTarget.value)}
      />
      {list.error ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending && <Loading rows={8} />}
      {!list.isPending && rows.length === 0 && !list.error && (
        <Empty title={search ? 'Nobody fits' : 'No users yet'}>
          {search ? 'Search for another name or email.' : 'People appear here when they sign up, or when you add them.'}
        </Empty>
      )}
      {rows.length > 0 && (
        <Text size="sm" c="dimmed" role="status">
          {list.data?.pages[0]?.isTotalCapped ? `More than ${total.toLocaleString('en-GB')}` : total}{' '}
          {total === 1 ? 'user' : 'users'}
        </Text>
      )}
      {rows.length > 0 && (
        <Table
          label={`Users, ${total}`}
          rows={rows}
          keyOf={(row) => row.id}
          columns={[
            {
              name: 'User',
              ...sorts((row) => row.name),
              cell: (row) => (
                <Anchor
                  component={Link}
                  to={`/console/users/${row.organization}/${row.name}`}
                  fw={600}
                  className="truncated"
                  title={row.name}
                >
                  {row.name}
                </Anchor>
              ),
            },
            {
              name: 'Email',
              ...sorts((row) => row.email),
              cell: (row) => (
                <span className="truncated" title={row.email}>
                  {row.email || '–'}
                </span>
              ),
            },
            { name: 'Organization', ...sorts((row) => row.organization), cell: (row) => row.organization },
            {
              name: 'Real name',
              ...sorts((row) => row.identity.realName),
              cell: (row) => (
                <span className="truncated" title={row.identity.realName}>
                  {row.identity.realName || '–'}
                </span>
              ),
            },
            {
              name: 'Identity',
              cell: (row) => (
                <StateBadge
                  staff
                  state={
                    row.identity.isVerified
                      ? 'verified'
                      : row.verificationState && row.verificationState !== 'verified'
                        ? row.verificationState
                        : 'none'
                  }
                  demonstration={row.identity.isDemonstration}
                  mark={row.identity.isVerified ? ownProviderMark(row.identity.trust, row.organization) : null}
                />
              ),
            },
            {
              name: 'Last sign-in',
              ...sorts((row) => row.lastSignInAt ?? ''),
              cell: (row) => <When at={row.lastSignInAt} />,
            },
          ]}
        />
      )}
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
      <Modal opened={opened} onClose={close} title="Add user" centered>
        <Create />
      </Modal>
    </Page>
  )
}
