import { Button, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, fieldErrors, queries } from '../../api.ts'
import { ErrorNotice } from '../../ui/parts.tsx'
import { sessionQuery } from '../../ui/session.tsx'

export const ChangePassword = () => {
  const { to } = useSearch({ strict: false }) as { to?: string }
  const navigate = useNavigate()
  const [form, setForm] = useState({ current: '', next: '' })
  const change = useMutation(
    api.account.changePassword.mutationOptions({
      onSuccess: async () => {
        setForm({ current: '', next: '' })
        notifications.show({ message: 'Password changed. Other devices are signed out.' })
        await queries.invalidateQueries()
        await queries.refetchQueries({ queryKey: sessionQuery().queryKey })
        // Back to where the password stood in the way.
        if (to?.startsWith('/login/oauth/')) return window.location.assign(to)
        if (to) await navigate({ to })
      },
    }),
  )
  const errors = fieldErrors(change.error)
  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate(form)
      }}
    >
      <Stack gap="md">
        <Title order={2} size="h3">
          Password
        </Title>
        <ErrorNotice error={change.error} />
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
  )
}
