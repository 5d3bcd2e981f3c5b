import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, poll } from '../api.ts'
import { ErrorNotice, Loading } from '../ui/parts.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { rememberTestRun } from '../ui/test-run.ts'
import type { Provider } from './provider-draft.ts'
import type { Detail } from './verification-record.tsx'
import { checkResultText, checkText, durationText } from './words.ts'

const POLL_MS = 2_000
const isUnderWay = (detail: Detail | undefined): boolean => detail?.endedAt === null && detail.state !== 'review'

/** The verdict of a test, each check and the time it took; it follows along while the test is under way. */
const Outcome = ({ id }: { id: string }) => {
  const read = useQuery({
    ...api.verifications.read.queryOptions({ input: { id } }),
    refetchInterval: poll((detail?: Detail) => (isUnderWay(detail) ? POLL_MS : false)),
  })
  const { data } = read
  if (!data) return read.error ? <ErrorNotice error={read.error} /> : <Loading rows={2} />
  const took = (data.endedAt ? new Date(data.endedAt) : new Date()).getTime() - new Date(data.createdAt).getTime()
  return (
    <Stack gap="xs" role="status" data-testid="test-outcome">
      <Group gap="sm">
        <StateBadge staff state={data.state} test demonstration={data.isDemonstration} />
        {data.endedAt && <Text size="sm">{durationText(took)}</Text>}
      </Group>
      {data.checks.map(({ check, result }) => (
        <Group key={check} justify="space-between" wrap="nowrap">
          <Text size="sm">{checkText(check)}</Text>
          <Text size="sm">{checkResultText(result)}</Text>
        </Group>
      ))}
      {data.staffReasons.map((reason) => (
        <Text size="sm" key={reason}>
          {reason}
        </Text>
      ))}
      <Text size="sm">
        <Anchor component={Link} to={`/console/verifications/${data.reference}`}>
          Open {data.reference}
        </Anchor>
      </Text>
    </Stack>
  )
}

/**
 * A real check of the tester's own profile. It ends here again, with its result.
 * @param testId the test that has just come back
 */
export const TestVerification = ({ provider, testId }: { provider: Provider; testId: string | undefined }) => {
  const run = useMutation(
    api.verifications.start.mutationOptions({
      onSuccess: ({ id, redirectUrl }) => {
        rememberTestRun({ id, organization: provider.organization, provider: provider.name })
        window.location.assign(
          redirectUrl ?? `/console/providers/${provider.organization}/${provider.name}?tested=${id}`,
        )
      },
    }),
  )
  return (
    <Stack gap="sm">
      {testId && <Outcome id={testId} />}
      <Button
        variant="default"
        loading={run.isPending}
        onClick={() => run.mutate({ test: { organization: provider.organization, provider: provider.name } })}
      >
        Run a test verification
      </Button>
      <Text size="sm" c="dimmed">
        A real check of your own profile. It uses 1 of the monthly limit and never seals anything.
      </Text>
      <ErrorNotice error={run.error} />
    </Stack>
  )
}
