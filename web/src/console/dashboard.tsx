import { Anchor, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconCircleCheckFilled, IconCircleDashed } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, type client, poll } from '../api.ts'
import { ErrorNotice, Loading, Notice, Page } from '../ui/parts.tsx'
import { HealthBadge } from '../ui/state-badge.tsx'

type Application = Awaited<ReturnType<typeof client.applications.list>>['items'][number]

/** The application that a step is about: the newest one of the administrator's own, else the built-in one. */
const subjectOf = (applications: readonly Application[]): string =>
  applications.find(({ name }) => name !== 'app-built-in')?.name ?? 'app-built-in'

const LOCAL_PROVIDER = '/console/providers/admin/provider_idv_local'

/** Each step and where it is done: with the right form open. */
const stepOf = (key: string, applications: readonly Application[]): { text: string; to: string } => {
  const withoutProvider = applications.find(({ providers }) => providers.length === 0)?.name
  const known: Record<string, { text: string; to: string }> = {
    'help-contact': {
      text: 'Set a help contact: it is shown wherever people are stuck',
      to: '/console/organizations?edit=own',
    },
    'test-provider': { text: 'Test the local verifier', to: `${LOCAL_PROVIDER}?tested=now` },
    'test-verification': { text: 'Verify yourself as a test', to: LOCAL_PROVIDER },
    application: { text: 'Create your application', to: '/console/applications?add=new' },
    'attach-provider': {
      text: 'Attach a provider to an application',
      to: `/console/applications/${withoutProvider ?? subjectOf(applications)}#providers`,
    },
    'verify-person': {
      text: 'Verify one person for real: let them sign up, or add them',
      to: `/console/applications/${subjectOf(applications)}`,
    },
  }
  return known[key] ?? { text: key, to: '/console' }
}

const tiles = [
  { state: 'review', text: 'Waiting for review' },
  { state: 'waiting', text: 'Under way' },
  { state: 'verified', text: 'Verified' },
  { state: 'rejected', text: 'Rejected' },
] as const

export const Dashboard = () => {
  const overview = useQuery({ ...api.overview.read.queryOptions(), refetchInterval: poll(() => 15_000) })
  const applications = useQuery(api.applications.list.queryOptions({ input: {} }))
  const items = applications.data?.items ?? []
  const { data } = overview
  const done = data?.setUp.filter((step) => step.done).length ?? 0
  const next = data?.setUp.find((step) => !step.done)
  return (
    <Page title="Dashboard">
      {overview.error ? <ErrorNotice error={overview.error} onRetry={() => void overview.refetch()} /> : null}
      {!data && !overview.error && <Loading rows={4} />}
      {data && (
        <>
          {data.demonstration && (
            <Notice tone="open" title="Demonstration mode">
              <p>
                Specimens are accepted on this installation and are marked everywhere. It is on because the server
                listens on this machine only.
              </p>
            </Notice>
          )}
          {next && (
            <section className="card" aria-labelledby="set-up">
              <Group justify="space-between" mb="sm">
                <Title order={2} size="h4" id="set-up">
                  Set up
                </Title>
                <Text size="sm" c="dimmed">
                  {done} of {data.setUp.length} done
                </Text>
              </Group>
              <Stack gap={4}>
                {data.setUp.map((step) => (
                  <Group key={step.key} gap="sm" wrap="nowrap" mih={32}>
                    {step.done ? (
                      <IconCircleCheckFilled size={20} color="var(--vd-good)" aria-label="Done" />
                    ) : (
                      <IconCircleDashed size={20} color="var(--mantine-color-dimmed)" aria-label="To do" />
                    )}
                    {step.done ? (
                      <Text c="dimmed">{stepOf(step.key, items).text}</Text>
                    ) : (
                      // Addresses with a form to open: the router reads them as they are.
                      <Anchor href={stepOf(step.key, items).to} fw={step.key === next.key ? 600 : 400}>
                        {stepOf(step.key, items).text}
                      </Anchor>
                    )}
                  </Group>
                ))}
              </Stack>
            </section>
          )}
          <SimpleGrid cols={{ base: 2, md: 4 }}>
            {tiles.map((tile) => (
              <Link key={tile.state} to="/console/verifications" search={{ state: tile.state }} className="card tile">
                <Text size="sm" c="dimmed">
                  {tile.text}
                </Text>
                <Text fz={30} fw={650} lh="38px">
                  {data.counts[tile.state] ?? 0}
                </Text>
              </Link>
            ))}
          </SimpleGrid>
          <section className="card" aria-labelledby="health">
            <Title order={2} size="h4" id="health" mb="sm">
              Health of providers
            </Title>
            {data.providers.length === 0 && <Text c="dimmed">No provider yet.</Text>}
            <Stack gap="xs">
              {data.providers.map((provider) => (
                <Group key={`${provider.organization}/${provider.name}`} justify="space-between">
                  <Anchor component={Link} to={`/console/providers/${provider.organization}/${provider.name}`}>
                    {provider.displayName}
                  </Anchor>
                  <HealthBadge health={provider.health} />
                </Group>
              ))}
            </Stack>
          </section>
        </>
      )}
    </Page>
  )
}
