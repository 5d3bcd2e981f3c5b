import { Anchor, Button, Group, NativeSelect, Radio, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, queries } from '../api.ts'
import { ErrorNotice, Notice } from '../ui/parts.tsx'
import { attachProvider } from './application-input.ts'
import type { Provider } from './provider-draft.ts'

/** Attaches the provider to an application without leaving its page, and says whom people will meet. */
const AttachToApplication = ({ provider }: { provider: Provider }) => {
  const applications = useQuery(api.applications.list.queryOptions({ input: {} }))
  const [name, setName] = useState('')
  const [place, setPlace] = useState<'first' | 'last'>('first')
  const attach = useMutation({
    mutationFn: () => attachProvider(name, provider, place === 'first'),
    onSuccess: async (application) => {
      setName('')
      await queries.invalidateQueries()
      notifications.show({ message: `Attached to ${application.displayName}` })
    },
  })
  const others = (applications.data?.items ?? []).filter(
    (application) => !provider.usedBy.some((used) => used.name === application.name),
  )
  const chosen = others.find((application) => application.name === name)
  const current = chosen?.providers[0]
  if (applications.data && others.length === 0) return null
  return (
    <Stack gap="sm">
      <ErrorNotice error={applications.error ?? attach.error} />
      <NativeSelect
        label="Attach to an application"
        value={name}
        data={[
          { value: '', label: 'Choose' },
          ...others.map((application) => ({ value: application.name, label: application.displayName })),
        ]}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {current && (
        <Radio.Group
          label="Which provider do people meet?"
          value={place}
          onChange={(value) => setPlace(value === 'last' ? 'last' : 'first')}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="first" label={`${provider.displayName}; ${current.displayName} takes over when it is down`} />
            <Radio value="last" label={`${current.displayName}; ${provider.displayName} takes over when it is down`} />
          </Stack>
        </Radio.Group>
      )}
      {chosen && !current && (
        <Text size="sm">People of {chosen.displayName} will be able to verify their identity.</Text>
      )}
      <Group>
        <Button variant="default" disabled={!chosen} loading={attach.isPending} onClick={() => attach.mutate()}>
          Attach
        </Button>
      </Group>
    </Stack>
  )
}

/** How much of the monthly limit is used, and by which applications. */
export const ProviderUse = ({ provider }: { provider: Provider }) => (
  <section className="card">
    <Stack gap="sm">
      <Title order={2} size="h4">
        Use
      </Title>
      <Text size="sm">
        This month: {provider.usedThisMonth}
        {provider.monthlyLimit === null ? '' : ` of ${provider.monthlyLimit}`}
      </Text>
      {provider.monthlyLimit !== null && provider.usedThisMonth >= provider.monthlyLimit * 0.8 && (
        <Notice tone="review" title="The monthly limit is nearly used up" />
      )}
      {provider.usedBy.length === 0 ? (
        <Notice tone="review" title="Not attached yet">
          <p>Nobody meets this provider until an application uses it.</p>
        </Notice>
      ) : (
        <Text size="sm">
          Used by{' '}
          {provider.usedBy.map((application) => (
            <Anchor key={application.name} component={Link} to={`/console/applications/${application.name}`} mr="xs">
              {application.displayName}
            </Anchor>
          ))}
        </Text>
      )}
      <AttachToApplication provider={provider} />
    </Stack>
  </section>
)
