import {
  Anchor,
  Button,
  Grid,
  Group,
  Modal,
  NativeSelect,
  Radio,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  Title,
} from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { api, type client, queries } from '../api.ts'
import { Fault, Loading, Page } from '../ui/parts.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { Pictures } from './pictures.tsx'
import { Table, When } from './table.tsx'

type Detail = Awaited<ReturnType<typeof client.verifications.read>>

const signs = { same: '= same', close: '≈ close', different: '≠ different', absent: '? not available' } as const
const reasons = [
  'Known variant of the name',
  'Seen in person',
  'Document confirmed by its issuer',
  'Not the same person',
  'Document not acceptable',
  'Other',
]

/** Approve or reject, with a reason; nothing is decided without the second press. */
const Review = ({ detail }: { detail: Detail }) => {
  const [form, setForm] = useState({ decision: 'approve' as 'approve' | 'reject', reason: '', note: '' })
  const [confirming, setConfirming] = useState(false)
  const review = useMutation(
    api.verifications.review.mutationOptions({
      onSuccess: () => queries.invalidateQueries(),
      onSettled: () => setConfirming(false),
    }),
  )
  const number = detail.comparison.find((row) => row.field === 'ID card number')
  return (
    <section className="card" aria-label="Decision">
      <Stack gap="md">
        <Title order={2} size="h4">
          Decision
        </Title>
        <Fault error={review.error} />
        <Radio.Group
          value={form.decision}
          onChange={(decision) => setForm({ ...form, decision: decision as 'approve' })}
          label="What do you decide?"
        >
          <Group mt="xs">
            <Radio value="approve" label="Approve" />
            <Radio value="reject" label="Reject" />
          </Group>
        </Radio.Group>
        <NativeSelect
          label="Reason"
          value={form.reason}
          data={[{ value: '', label: 'Choose' }, ...reasons]}
          onChange={(event) => setForm({ ...form, reason: event.currentTarget.value })}
        />
        <Textarea
          label="Note for staff"
          size="md"
          autosize
          minRows={2}
          value={form.note}
          onChange={(event) => setForm({ ...form, note: event.currentTarget.value })}
        />
        <Button disabled={form.reason === ''} onClick={() => setConfirming(true)}>
          Record decision…
        </Button>
      </Stack>
      <Modal
        opened={confirming}
        onClose={() => setConfirming(false)}
        title={form.decision === 'approve' ? 'Approve for good?' : 'Reject?'}
        centered
      >
        <Stack gap="md">
          {form.decision === 'approve' ? (
            <Text>
              Seals for good: <strong>{detail.nameToSeal}</strong>, <bdi className="mono">{number?.claimed}</bdi>. This
              cannot be undone. The person reads: “Your identity is verified.”
            </Text>
          ) : (
            <Text>The person reads: “We could not verify you.” They may try again.</Text>
          )}
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <Button variant="default" onClick={() => setConfirming(false)}>
              Back
            </Button>
            <Button loading={review.isPending} onClick={() => review.mutate({ id: detail.id, ...form })}>
              Record decision
            </Button>
          </SimpleGrid>
        </Stack>
      </Modal>
    </section>
  )
}

const Line = ({ label, children }: { label: string; children: React.ReactNode }) => (
  <Group justify="space-between" wrap="nowrap" gap="lg" align="flex-start">
    <Text size="sm" c="dimmed" style={{ flex: 'none' }}>
      {label}
    </Text>
    <div style={{ textAlign: 'end', overflowWrap: 'anywhere' }}>{children}</div>
  </Group>
)

export const VerificationPage = () => {
  const { id } = useParams({ strict: false }) as { id: string }
  const read = useQuery({
    ...api.verifications.read.queryOptions({ input: { id } }),
    refetchInterval: ({ state }) => (state.data?.endedAt ? false : 3_000),
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
            <StateBadge staff state={data.state} test={data.isTest} demonstration={data.isDemonstration} />
          </Group>
        ) : (
          'Verification'
        )
      }
      crumb={{ to: '/console/verifications', text: 'Verifications' }}
      action={
        data?.canCancel ? (
          <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate({ id })}>
            Cancel
          </Button>
        ) : undefined
      }
    >
      <Fault error={read.error ?? cancel.error} />
      {!data && !read.error && <Loading rows={6} />}
      {data && (
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 7 }}>
            <Stack gap="lg">
              <section className="card">
                <Stack gap="xs">
                  <Line label="Person">
                    <Anchor component={Link} to={`/console/users/${data.person.organization}/${data.person.name}`}>
                      {data.person.organization}/{data.person.name}
                    </Anchor>
                  </Line>
                  <Line label="Provider">
                    <Anchor
                      component={Link}
                      to={`/console/providers/${data.provider.organization}/${data.provider.name}`}
                    >
                      {data.provider.displayName}
                    </Anchor>
                  </Line>
                  <Line label="Started by">{data.startedBy}</Line>
                  <Line label="Application">{data.application}</Line>
                  <Line label="Provider's reference">
                    <span className="mono">{data.providerReference ?? '–'}</span>
                  </Line>
                  {data.reviewedBy && <Line label="Decided by">{data.reviewedBy}</Line>}
                </Stack>
              </section>
              {data.staffReasons.length > 0 && (
                <section className="card">
                  <Title order={2} size="h4" mb="xs">
                    Why
                  </Title>
                  <ul style={{ margin: 0, paddingInlineStart: 20 }}>
                    {data.staffReasons.map((reason) => (
                      <li key={reason}>{reason}</li>
                    ))}
                  </ul>
                </section>
              )}
              <Table
                label="Claimed and document"
                rows={data.comparison}
                keyOf={(row) => row.field}
                columns={[
                  { name: 'Field', cell: (row) => row.field },
                  { name: 'Claimed', cell: (row) => <bdi>{row.claimed || '–'}</bdi> },
                  { name: 'Document', cell: (row) => <bdi>{row.document || '–'}</bdi> },
                  { name: 'Result', cell: (row) => signs[row.result] },
                ]}
              />
              {data.checks.length > 0 && (
                <Table
                  label="Checks"
                  rows={data.checks}
                  keyOf={(row) => row.check}
                  columns={[
                    { name: 'Check', cell: (row) => row.check },
                    { name: 'Result', cell: (row) => row.result.replaceAll('_', ' ') },
                  ]}
                />
              )}
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Stack gap="lg">
              {data.canShowPictures && <Pictures id={data.id} />}
              {data.state === 'review' && <Review detail={data} />}
              <section className="card">
                <Title order={2} size="h4" mb="md">
                  Timeline
                </Title>
                <ol className="timeline">
                  {data.timeline.map((line) => (
                    <li key={`${line.at}${line.event}${line.after ?? ''}`}>
                      <Text size="sm" c="dimmed">
                        <When at={line.at} />
                      </Text>
                      <Text fw={600}>
                        {line.after
                          ? line.before
                            ? `${line.before} → ${line.after}`
                            : line.after
                          : line.event === 'notice'
                            ? 'Notice received'
                            : line.event}
                      </Text>
                      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                        {line.text}
                      </Text>
                    </li>
                  ))}
                </ol>
              </section>
            </Stack>
          </Grid.Col>
        </Grid>
      )}
    </Page>
  )
}
