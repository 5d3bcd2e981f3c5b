import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { client } from '../api.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Notice } from '../ui/parts.tsx'
import { approvalWords } from './approval-words.ts'
import { differences, type Piece } from './differences.ts'
import { Table, When } from './table.tsx'
import { actionText, changeText, checkResultText, checkText, durationText, stateText } from './words.ts'

export type Detail = Awaited<ReturnType<typeof client.verifications.read>>

const Line = ({ label, children }: { label: string; children: ReactNode }) => (
  <Group justify="space-between" wrap="nowrap" gap="lg" align="flex-start">
    <Text size="sm" c="dimmed" style={{ flex: 'none' }}>
      {label}
    </Text>
    <div style={{ textAlign: 'end', overflowWrap: 'anywhere' }}>{children}</div>
  </Group>
)

/** Milliseconds from the start to the end; to now while it is open. */
const durationOf = ({ createdAt, endedAt }: Detail): number =>
  (endedAt ? new Date(endedAt) : new Date()).getTime() - new Date(createdAt).getTime()

/** Who, where, by whom, and how long it took. */
export const Facts = ({ detail }: { detail: Detail }) => (
  <section className="card">
    <Stack gap="xs">
      <Line label="Person">
        <Anchor component={Link} to={`/console/users/${detail.person.organization}/${detail.person.name}`}>
          {detail.person.organization}/{detail.person.name}
        </Anchor>
      </Line>
      <Line label="Provider">
        <Anchor component={Link} to={`/console/providers/${detail.provider.organization}/${detail.provider.name}`}>
          {detail.provider.displayName}
        </Anchor>
      </Line>
      {detail.trust && <Line label="At the decision">{approvalWords(detail.trust === 'installation').badge}</Line>}
      <Line label="Application">
        {detail.application === '' ? (
          '–'
        ) : (
          <Anchor component={Link} to={`/console/applications/${detail.application}`}>
            {detail.application}
          </Anchor>
        )}
      </Line>
      <Line label="Started by">{detail.startedBy}</Line>
      <Line label="Started">
        <When at={detail.createdAt} />
      </Line>
      {detail.endedAt && <Line label="Took">{durationText(durationOf(detail))}</Line>}
      <Line label="Provider's reference">
        {detail.providerReference === null ? (
          '–'
        ) : (
          <Group gap="xs" justify="flex-end">
            <span className="mono">{detail.providerReference}</span>
            <CopyButton text={detail.providerReference} what="the provider's reference" />
          </Group>
        )}
      </Line>
    </Stack>
  </section>
)

/** How a test verification went: the verdict, and that it counts nowhere. */
export const TestResult = ({ detail }: { detail: Detail }) => {
  if (!detail.isTest) return null
  const isOpen = detail.endedAt === null && detail.state !== 'review'
  return (
    <Notice
      tone="off"
      role="status"
      title={isOpen ? 'This test is under way' : `Test result: ${stateText(detail.state)}`}
    >
      <p>
        {isOpen ? 'The page follows along by itself. ' : `It took ${durationText(durationOf(detail))}. `}
        This is a test: nothing is sealed, and it is counted nowhere else.
      </p>
      <p>
        <Anchor component={Link} to={`/console/providers/${detail.provider.organization}/${detail.provider.name}`}>
          Back to {detail.provider.displayName}
        </Anchor>
      </p>
    </Notice>
  )
}

/** Why a check came to its state, in sentences. */
export const Reasons = ({ detail }: { detail: Detail }) =>
  detail.staffReasons.length === 0 ? null : (
    <section className="card">
      <Title order={2} size="h4" mb="xs">
        Why
      </Title>
      <ul style={{ margin: 0, paddingInlineStart: 20 }}>
        {detail.staffReasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </section>
  )

/** Who decided the case, why, and what they noted for other staff. */
export const ReviewRecord = ({ detail }: { detail: Detail }) =>
  detail.reviewedBy === null ? null : (
    <section className="card" aria-label="Review">
      <Stack gap="xs">
        <Title order={2} size="h4">
          Review
        </Title>
        <Line label="Decided by">{detail.reviewedBy}</Line>
        <Line label="Decision">{stateText(detail.state)}</Line>
        <Line label="Reason">{detail.reviewReason ?? '–'}</Line>
        <Line label="Note for staff">{detail.reviewNote ?? '–'}</Line>
      </Stack>
    </section>
  )

const resultLabels = { same: '= same', close: '≈ close', different: '≠ different', absent: '? not read' } as const

const Marked = ({ pieces }: { pieces: readonly Piece[] }) => (
  <bdi>
    {pieces.map(({ text, isSame }, index) =>
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other identity
      isSame ? <span key={index}>{text}</span> : <mark key={index}>{text}</mark>,
    )}
  </bdi>
)

type Row = Detail['comparison'][number]

/** A value with the letters marked that differ on the other side. Masked numbers are compared on the server only. */
const sidesOf = (row: Row): [Piece[], Piece[]] =>
  (row.result === 'close' || row.result === 'different') && !row.claimed.includes('•')
    ? differences(row.claimed, row.document)
    : [[{ text: row.claimed, isSame: true }], [{ text: row.document, isSame: true }]]

/** Claimed beside read, field by field. */
export const ComparisonTable = ({ detail }: { detail: Detail }) => (
  <Table
    label="Claimed and read from the document"
    rows={detail.comparison}
    keyOf={(row) => row.field}
    columns={[
      { name: 'Field', cell: (row) => row.field },
      { name: 'Claimed', cell: (row) => (row.claimed ? <Marked pieces={sidesOf(row)[0]} /> : '–') },
      { name: 'Document', cell: (row) => (row.document ? <Marked pieces={sidesOf(row)[1]} /> : '–') },
      { name: 'Result', cell: (row) => <span data-result={row.result}>{resultLabels[row.result]}</span> },
    ]}
  />
)

/** What the provider checked, and how each check ended. */
export const ChecksTable = ({ detail }: { detail: Detail }) =>
  detail.checks.length === 0 ? null : (
    <Table
      label="Checks"
      rows={detail.checks}
      keyOf={(row) => row.check}
      columns={[
        { name: 'Check', cell: (row) => checkText(row.check) },
        { name: 'Result', cell: (row) => checkResultText(row.result) },
      ]}
    />
  )

const headlineOf = (line: Detail['timeline'][number]): string =>
  line.event === 'webhook'
    ? 'Webhook received'
    : line.after
      ? changeText(line.before, line.after, '')
      : actionText(line.event).replace(/^./, (letter) => letter.toUpperCase())

/** What happened, newest first. */
export const Timeline = ({ detail }: { detail: Detail }) => (
  <section className="card">
    <Title order={2} size="h4" mb="md">
      Timeline
    </Title>
    <ol className="timeline">
      {detail.timeline.map((line) => (
        <li key={`${line.at}${line.event}${line.after ?? ''}`}>
          <Text size="sm" c="dimmed">
            <When at={line.at} />
          </Text>
          <Text fw={600}>{headlineOf(line)}</Text>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {line.text}
          </Text>
        </li>
      ))}
    </ol>
    <Text size="sm">
      <Anchor
        component={Link}
        to="/console/audit"
        search={{ target: `${detail.person.organization}/${detail.person.name}` } as never}
      >
        Audit log of this person
      </Anchor>
    </Text>
  </section>
)
