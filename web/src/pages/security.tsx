import { Button, PasswordInput, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, fieldErrors } from '../api.ts'
import { Fault, Heading, Notice } from '../ui/parts.tsx'
import { useSession } from '../ui/session.tsx'

export const Security = () => {
  const { session } = useSession()
  const [form, setForm] = useState({ current: '', next: '' })
  const change = useMutation(
    api.account.changePassword.mutationOptions({
      onSuccess: () => {
        setForm({ current: '', next: '' })
        notifications.show({ message: 'Password changed. Other devices are signed out.' })
      },
    }),
  )
  const errors = fieldErrors(change.error)
  return (
    <Stack gap="md">
      <Heading size="h2">Security</Heading>
      {session?.user.mustChangePassword && (
        <Notice tone="review" title="Choose a password of your own">
          <p>Someone else set the one you signed in with.</p>
        </Notice>
      )}
      <form
        className="card"
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate(form)
        }}
      >
        <Stack gap="md">
          <Fault error={change.error} />
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            error={errors.current}
            value={form.current}
            onChange={(event) => setForm({ ...form, current: event.currentTarget.value })}
          />
          <PasswordInput
            label="New password"
            description="At least 10 characters. A few words are fine."
            autoComplete="new-password"
            minLength={10}
            required
            withAsterisk={false}
            error={errors.next}
            value={form.next}
            onChange={(event) => setForm({ ...form, next: event.currentTarget.value })}
          />
          <Button type="submit" loading={change.isPending}>
            Change password
          </Button>
          <Text size="sm" c="dimmed">
            All other devices are signed out.
          </Text>
        </Stack>
      </form>
    </Stack>
  )
}
