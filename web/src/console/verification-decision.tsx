import { Button, Group, Modal, NativeSelect, Radio, SimpleGrid, Stack, Text, Textarea, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, queries } from '../api.ts'
import { readSentence } from '../sentences.ts'
import { ErrorNotice } from '../ui/parts.tsx'
import type { Detail } from './verification-record.tsx'

/** Why a case is approved or rejected. The record keeps the words, so they say what was seen. */
const reasons = {
  approve: ['Known variant of the name', 'Seen in person', 'Document confirmed by its issuer', 'Other'],
  reject: [
    'Not the same person',
    'Document not acceptable',
    'Document expired',
    'Details cannot be confirmed',
    'Other',
  ],
} as const
type Decision = keyof typeof reasons

const personReads = {
  approve: readSentence('verified'),
  reject: readSentence('rejected_by_person'),
} as const

const Confirmation = ({
  decision,
  detail,
  isPending,
  onBack,
  onConfirm,
}: {
  decision: Decision
  detail: Detail
  isPending: boolean
  onBack: () => void
  onConfirm: () => void
}) => {
  const number = detail.comparison.find((row) => row.field === 'ID card number')
  return (
    <Stack gap="md">
      {decision === 'approve' && (
        <Text>
          Seals for good: <strong>{detail.nameToSeal}</strong>, <bdi className="mono">{number?.claimed}</bdi>. This
          cannot be undone.
        </Text>
      )}
      <Text>
        The person reads: “{personReads[decision].title}. {personReads[decision].body}”
        {decision === 'reject' && ' They may try again.'}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
        <Button loading={isPending} onClick={onConfirm}>
          Record decision
        </Button>
      </SimpleGrid>
    </Stack>
  )
}

/** Approve or reject, with a reason. Nothing is chosen beforehand, and nothing is decided without the second press. */
export const DecisionForm = ({ detail }: { detail: Detail }) => {
  const [decision, setDecision] = useState<Decision | null>(null)
  const [reason, setReason] = useState('')
  const [note, setNote] = useState('')
  const [isConfirming, setConfirming] = useState(false)
  const review = useMutation(
    api.verifications.review.mutationOptions({
      onSuccess: () => queries.invalidateQueries(),
      onSettled: () => setConfirming(false),
    }),
  )
  const isReady = decision !== null && reason !== ''
  return (
    <section className="card" aria-label="Decision">
      <Stack gap="md">
        <Title order={2} size="h4">
          Decision
        </Title>
        <ErrorNotice error={review.error} />
        <Radio.Group
          value={decision}
          onChange={(value) => {
            setDecision(value === 'approve' ? 'approve' : 'reject')
            setReason('')
          }}
          label="What do you decide?"
        >
          <Group mt="xs">
            <Radio value="approve" label="Approve" />
            <Radio value="reject" label="Reject" />
          </Group>
        </Radio.Group>
        <NativeSelect
          label="Reason"
          disabled={decision === null}
          value={reason}
          data={[
            { value: '', label: decision === null ? 'Decide first' : 'Choose' },
            ...(decision ? reasons[decision] : []),
          ]}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Textarea
          label="Note for staff"
          description="Later readers of this record see it. The person does not"
          size="md"
          autosize
          minRows={2}
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button disabled={!isReady} onClick={() => setConfirming(true)}>
          Record decision…
        </Button>
      </Stack>
      <Modal
        opened={isConfirming && isReady}
        onClose={() => setConfirming(false)}
        title={decision === 'approve' ? 'Approve for good?' : 'Reject?'}
        centered
      >
        {decision && (
          <Confirmation
            decision={decision}
            detail={detail}
            isPending={review.isPending}
            onBack={() => setConfirming(false)}
            onConfirm={() => review.mutate({ id: detail.id, decision, reason, note })}
          />
        )}
      </Modal>
    </section>
  )
}
