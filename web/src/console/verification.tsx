import { Anchor, Grid, Group, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { api, poll, queries } from '../api.ts'
import { ConfirmButton } from '../ui/confirm.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { ErrorNotice, Loading, Page } from '../ui/parts.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { verificationMark } from './approval-words.ts'
import { Pictures } from './pictures.tsx'
import { DecisionForm } from './verification-decision.tsx'
import {
  ChecksTable,
  ComparisonTable,
  type Detail,
  Facts,
  Reasons,
  ReviewRecord,
  TestResult,
  Timeline,
} from './verification-record.tsx'

const POLL_MS = 3_000

/** Says that pictures are missing and how they are switched on: nobody decides blind without knowing it. */
const PicturesOff = ({ detail }: { detail: Detail }) => (
  <section className="card" aria-label="Pictures">
    <Title order={2} size="h4" mb="xs">
      Pictures
    </Title>
    <Text size="sm">
      Pictures of this check cannot be shown. They are off by default, and are gone once the provider has deleted them.
      To see those of new checks, switch on “Show pictures to reviewers” in the settings of{' '}
      <Anchor component={Link} to={`/console/providers/${detail.provider.organization}/${detail.provider.name}`}>
        {detail.provider.displayName}
      </Anchor>
      .
    </Text>
  </section>
)

export const VerificationPage = () => {
  const { id } = useParams({ strict: false }) as { id: string }
  const read = useQuery({
    ...api.verifications.read.queryOptions({ input: { id } }),
    refetchInterval: poll((detail?: Detail) => (detail?.endedAt ? false : POLL_MS)),
  })
  const cancel = useMutation(api.verifications.cancel.mutationOptions({ onSettled: () => queries.invalidateQueries() }))
  const { data } = read
  return (
    <Page
      title={
        data ? (
          <Group gap="sm">
            <span className="mono" style={{ fontSize: 24 }}>
              {data.reference}
            </span>
            <CopyButton text={data.reference} what="the reference" />
            <StateBadge
              staff
              state={data.state}
              test={data.isTest}
              demonstration={data.isDemonstration}
              mark={verificationMark(data)}
            />
          </Group>
        ) : (
          'Verification'
        )
      }
      crumb={{ to: '/console/verifications', text: 'Verifications' }}
      action={
        data?.canCancel ? (
          <ConfirmButton
            question={{
              title: 'Cancel this check?',
              body: 'The person cannot go on with it. They can start another one.',
              action: 'Cancel the check',
            }}
            loading={cancel.isPending}
            onConfirm={() => cancel.mutate({ id: data.id })}
          >
            Cancel
          </ConfirmButton>
        ) : undefined
      }
    >
      <ErrorNotice error={read.error ?? cancel.error} />
      {!data && !read.error && <Loading rows={6} />}
      {data && (
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 7 }}>
            <Stack gap="lg">
              <TestResult detail={data} />
              <Reasons detail={data} />
              <ComparisonTable detail={data} />
              <ChecksTable detail={data} />
              <Facts detail={data} />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Stack gap="lg">
              {data.canShowPictures ? <Pictures id={data.id} /> : <PicturesOff detail={data} />}
              {data.state === 'review' && <DecisionForm detail={data} />}
              <ReviewRecord detail={data} />
              <Timeline detail={data} />
            </Stack>
          </Grid.Col>
        </Grid>
      )}
    </Page>
  )
}
