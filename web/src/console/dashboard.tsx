import { Anchor, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconCircleCheckFilled, IconCircleDashed } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../api.ts'
import { Fault, Loading, Notice, Page } from '../ui/parts.tsx'
import { HealthBadge } from '../ui/state-badge.tsx'

const steps: Record<string, { text: string; to: string }> = {
  'help-contact': { text: 'Set a help contact: every refusal names it', to: '/console/organizations' },
  'test-provider': { text: 'Test the local verifier', to: '/console/providers/admin/provider_idv_local' },
  'test-verification': { text: 'Verify yourself as a test', to: '/console/providers/admin/provider_idv_local' },
  application: { text: 'Create your application', to: '/console/applications' },
  'attach-provider': { text: 'Attach a provider to an application', to: '/console/applications' },
  'verify-person': { text: 'Verify one person for real', to: '/console/verifications' },
}

const tiles = [
  { state: 'review', text: 'Waiting for review' },
  { state: 'waiting', text: 'Under way' },
  { state: 'verified', text: 'Verified' },
  { state: 'rejected', text: 'Rejected' },
] as const

export const Dashboard = () => {
  const overview = useQuery({ ...api.overview.read.queryOptions(), refetchInterval: 15_000 })
  const { data } = overview
  const done = data?.setUp.filter((step) => step.done).length ?? 0
  const next = data?.setUp.find((step) => !step.done)
  return (
    <Page title="Dashboard">
      {overview.error ? <Fault error={overview.error} onAgain={() => void overview.refetch()} /> : null}
      {!data && !overview.error && <Loading rows={4} />}
      {data && (
        <>
          {data.demonstration && (
            <Notice tone="open" title="Demonstration mode">
              <p>
                Specimens count on this installation, and are marked wherever they show. It is on because the server
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
                      <Text c="dimmed">{steps[step.key]?.text}</Text>
                    ) : (
                      <Anchor
                        component={Link}
                        to={steps[step.key]?.to ?? '/console'}
                        fw={step.key === next.key ? 600 : 400}
                      >
                        {steps[step.key]?.text}
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
