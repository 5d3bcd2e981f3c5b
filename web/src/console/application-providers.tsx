import { ActionIcon, Anchor, Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, type client } from '../api.ts'
import { Notice } from '../ui/parts.tsx'
import { HealthBadge } from '../ui/state-badge.tsx'

type Application = Awaited<ReturnType<typeof client.applications.read>>
type ProviderRow = Application['providers'][number]

const keyOf = (row: { organization: string; name: string }): string => `${row.organization}/${row.name}`

/** Which of the attached providers people meet: the order decides, so it is written out. */
const OrderNotice = ({ rows }: { rows: readonly ProviderRow[] }) => {
  const [first, second] = rows
  if (!first)
    return (
      <Notice tone="review" title="No provider is attached">
        <p>People of this application cannot verify their identity until you add one.</p>
      </Notice>
    )
  return (
    <Text size="sm">
      People meet <strong>{first.displayName}</strong>.
      {second && ` ${second.displayName} takes over when it is down, used up or does not accept the document.`}
    </Text>
  )
}

const ProviderLine = ({
  row,
  index,
  count,
  onMove,
  onRemove,
}: {
  row: ProviderRow
  index: number
  count: number
  onMove: (to: number) => void
  onRemove: () => void
}) => (
  <Group justify="space-between" gap="xs" className="card" style={{ padding: '8px 12px' }}>
    <Group gap="sm" style={{ minWidth: 0 }}>
      <Text c="dimmed">{index + 1}</Text>
      <Anchor component={Link} to={`/console/providers/${row.organization}/${row.name}`} fw={600} className="truncated">
        {row.displayName}
      </Anchor>
      <Text size="sm" c="dimmed">
        {row.category}
      </Text>
      <HealthBadge health={row.health} />
    </Group>
    <Group gap={4} wrap="nowrap">
      {index > 0 && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => onMove(0)}
          aria-label={`Use ${row.displayName} first`}
        >
          Use first
        </Button>
      )}
      <ActionIcon
        variant="subtle"
        size="lg"
        aria-label={`Move ${row.displayName} up`}
        disabled={index === 0}
        onClick={() => onMove(index - 1)}
      >
        <IconArrowUp size={18} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        size="lg"
        aria-label={`Move ${row.displayName} down`}
        disabled={index === count - 1}
        onClick={() => onMove(index + 1)}
      >
        <IconArrowDown size={18} />
      </ActionIcon>
      <ActionIcon variant="subtle" size="lg" aria-label={`Remove ${row.displayName}`} onClick={onRemove}>
        <IconX size={18} />
      </ActionIcon>
    </Group>
  </Group>
)

/** The providers of an application, in the order in which they are tried. */
export const ApplicationProviders = ({
  application,
  onChange,
}: {
  application: Application
  onChange: (rows: ProviderRow[]) => void
}) => {
  const all = useQuery(api.providers.list.queryOptions({ input: { organization: application.organization } }))
  const [chosen, setChosen] = useState('')
  const rows = application.providers
  const attached = new Set(rows.map(keyOf))
  const others = (all.data?.items ?? []).filter((provider) => !attached.has(keyOf(provider)))
  const moveProvider = (from: number, to: number): void => {
    const next = [...rows]
    const [row] = next.splice(from, 1)
    if (row) next.splice(to, 0, row)
    onChange(next)
  }
  const add = (): void => {
    const provider = others.find((entry) => keyOf(entry) === chosen)
    if (provider) onChange([...rows, provider])
    setChosen('')
  }
  return (
    <section className="card" id="providers">
      <Stack gap="sm">
        <Title order={2} size="h4">
          Providers
        </Title>
        <OrderNotice rows={rows} />
        {rows.map((row, index) => (
          <ProviderLine
            key={keyOf(row)}
            row={row}
            index={index}
            count={rows.length}
            onMove={(to) => moveProvider(index, to)}
            onRemove={() => onChange(rows.filter((other) => other !== row))}
          />
        ))}
        {others.length > 0 && (
          <Group align="flex-end">
            <NativeSelect
              label="Provider"
              value={chosen}
              onChange={(event) => setChosen(event.currentTarget.value)}
              data={[
                { value: '', label: 'Choose' },
                ...others.map((provider) => ({ value: keyOf(provider), label: provider.displayName })),
              ]}
            />
            <Button variant="default" disabled={chosen === ''} onClick={add}>
              Add provider
            </Button>
          </Group>
        )}
        {all.data && others.length === 0 && rows.length === 0 && (
          <Text size="sm">
            There is no provider yet.{' '}
            <Anchor component={Link} to="/console/providers/new">
              Add a provider
            </Anchor>
          </Text>
        )}
      </Stack>
    </section>
  )
}
