import { Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, queries } from '../api.ts'
import { ErrorNotice } from '../ui/parts.tsx'

const reasons = {
  review: 'I decide about this case',
  complaint: 'The person asked about it',
  fraud_case: 'A fraud case',
  quality: 'Quality check of our decisions',
} as const
const names = { front: 'Front', back: 'Back', face: 'Selfie' } as const

/** Hidden until someone gives a reason; the look is in the record. Gone again when the page is left. */
export const Pictures = ({ id }: { id: string }) => {
  const [reason, setReason] = useState<keyof typeof reasons | ''>('')
  const look = useMutation(
    api.verifications.pictures.mutationOptions({ gcTime: 0, onSuccess: () => queries.invalidateQueries() }),
  )
  return (
    <section className="card" aria-label="Pictures">
      <Stack gap="md">
        <Title order={2} size="h4">
          Pictures
        </Title>
        <ErrorNotice error={look.error} />
        {look.data ? (
          <>
            {look.data.items.length === 0 && <Text>The provider has no pictures of this check.</Text>}
            {look.data.items.map((picture) => (
              <figure key={picture.side} style={{ margin: 0 }}>
                <Text component="figcaption" size="sm" c="dimmed" mb={4}>
                  {names[picture.side]}
                </Text>
                <img
                  src={`data:${picture.contentType};base64,${picture.data}`}
                  alt={`${names[picture.side]} as the person sent it`}
                  style={{ display: 'block', maxWidth: '100%', borderRadius: 6 }}
                />
              </figure>
            ))}
            <Group>
              <Button variant="default" onClick={() => look.reset()}>
                Hide pictures
              </Button>
            </Group>
          </>
        ) : (
          <>
            <Text size="sm" c="dimmed">
              Hidden. They are fetched from the provider when you ask, and are not stored here. Each view is recorded
              with its reason.
            </Text>
            <NativeSelect
              label="Why do you look?"
              value={reason}
              data={[
                { value: '', label: 'Choose' },
                ...Object.entries(reasons).map(([value, label]) => ({ value, label })),
              ]}
              onChange={(event) => setReason(event.currentTarget.value as keyof typeof reasons)}
            />
            <Button
              variant="default"
              disabled={reason === ''}
              loading={look.isPending}
              onClick={() => reason !== '' && look.mutate({ id, reason })}
            >
              Show pictures
            </Button>
          </>
        )}
      </Stack>
    </section>
  )
}
