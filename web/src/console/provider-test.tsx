import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconCircleCheckFilled, IconCircleDashed, IconCircleXFilled } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { api, type client, queries } from '../api.ts'
import { ErrorNotice } from '../ui/parts.tsx'
import type { Provider, ProviderDraft } from './provider-draft.ts'
import { When } from './table.tsx'
import { TestVerification } from './test-verification.tsx'

type Probe = Awaited<ReturnType<typeof client.providers.probe>>

const StepIcon = ({ state }: { state: Probe['steps'][number]['state'] }) =>
  state === 'ok' ? (
    <IconCircleCheckFilled size={20} color="var(--vd-good)" aria-label="Passed" />
  ) : state === 'failed' ? (
    <IconCircleXFilled size={20} color="var(--vd-bad)" aria-label="Failed" />
  ) : (
    <IconCircleDashed size={20} color="var(--mantine-color-dimmed)" aria-label="Not tried" />
  )

const ProbeResult = ({ result }: { result: Probe }) => (
  <Stack gap="xs" role="status">
    {result.steps.map((step) => (
      <Group key={step.step} gap="sm" align="flex-start" wrap="nowrap">
        <StepIcon state={step.state} />
        <div style={{ flex: 1, minWidth: 0 }}>
          <Group justify="space-between" wrap="nowrap">
            <Text fw={step.state === 'failed' ? 600 : 400}>{step.title}</Text>
            <Text size="sm" c="dimmed" className="mono">
              {step.code ?? (step.ms === null ? '' : `${step.ms} ms`)}
            </Text>
          </Group>
          {step.state !== 'ok' && <Text size="sm">{step.sentence}</Text>}
        </div>
      </Group>
    ))}
    <Text size="sm" c="dimmed">
      {result.ms} ms, <When at={result.at} />
    </Text>
  </Stack>
)

/**
 * Test connection, for the values on the page.
 * @param runs changes when a test should start by itself: after each save
 */
export const ProviderTest = ({
  draft,
  saved,
  runs,
  testId,
}: {
  draft: ProviderDraft
  saved: Provider | null
  runs: number
  /** The test verification that has just come back. */
  testId?: string | undefined
}) => {
  const probe = useMutation(
    api.providers.probe.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: api.providers.key() }),
    }),
  )
  const test = (): void => {
    const { etag: _etag, name: _name, ...input } = draft
    probe.mutate({ ...input, ...(saved ? { name: saved.name } : {}) })
  }
  const latest = useRef(test)
  latest.current = test
  useEffect(() => {
    if (runs > 0) latest.current()
  }, [runs])
  return (
    <section className="card" aria-label="Test">
      <Stack gap="md">
        <Title order={2} size="h4">
          Test connection
        </Title>
        <Text size="sm" c="dimmed">
          Uses the values on this page, saved or not. Creates nothing at the provider.
        </Text>
        <Button variant="default" loading={probe.isPending} onClick={test}>
          Test connection
        </Button>
        <ErrorNotice error={probe.error} />
        {probe.data ? (
          <ProbeResult result={probe.data} />
        ) : saved?.lastTest ? (
          <Text size="sm">
            Last test {saved.lastTest.ok ? 'passed' : 'failed'}, <When at={saved.lastTest.at} />
          </Text>
        ) : null}
        {saved && <TestVerification provider={saved} testId={testId} />}
      </Stack>
    </section>
  )
}
