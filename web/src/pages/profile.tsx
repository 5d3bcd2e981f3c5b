import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api, fieldErrors, queries } from '../api.ts'
import { ErrorNotice, Heading, Loading } from '../ui/parts.tsx'

/** Whether the address is confirmed; if not, a way to get the link once more. */
const EmailState = ({ isConfirmed }: { isConfirmed: boolean }) => {
  const again = useMutation(
    api.account.askAgainToConfirm.mutationOptions({
      onSuccess: () => notifications.show({ message: 'The link is on its way.' }),
    }),
  )
  if (isConfirmed)
    return (
      <Text size="sm" c="dimmed">
        This address is confirmed.
      </Text>
    )
  return (
    <Stack gap="xs">
      <Text size="sm">
        This address is not confirmed yet. Press the link that we sent to it.{' '}
        <Anchor component="button" type="button" size="sm" disabled={again.isPending} onClick={() => again.mutate({})}>
          Send a new link
        </Anchor>
      </Text>
      <ErrorNotice error={again.error} />
    </Stack>
  )
}

export const Profile = () => {
  const account = useQuery(api.account.read.queryOptions())
  const [form, setForm] = useState<{ displayName: string; email: string; phone: string } | null>(null)
  const [password, setPassword] = useState('')
  useEffect(() => {
    if (!account.data || form) return
    const { displayName, email, phone } = account.data
    setForm({ displayName, email, phone })
  }, [account.data, form])
  const save = useMutation(
    api.account.saveProfile.mutationOptions({
      onSuccess: (data) => {
        queries.setQueryData(api.account.read.queryKey(), data)
        setPassword('')
        notifications.show({ message: 'Saved' })
      },
    }),
  )
  const isNewAddress = form !== null && form.email.toLowerCase() !== account.data?.email.toLowerCase()
  const errors = fieldErrors(save.error)
  return (
    <Stack gap="md">
      <Heading size="h2">Profile</Heading>
      {account.error ? <ErrorNotice error={account.error} onRetry={() => void account.refetch()} /> : null}
      {!form ? (
        <Loading />
      ) : (
        <form
          className="card"
          onSubmit={(event) => {
            event.preventDefault()
            save.mutate({ ...form, ...(isNewAddress && password ? { password } : {}) })
          }}
        >
          <Stack gap="md">
            <ErrorNotice error={save.error} />
            <TextInput label="Username" value={account.data?.name ?? ''} readOnly variant="unstyled" />
            <TextInput
              label="Display name"
              autoComplete="name"
              value={form.displayName}
              error={errors.displayName}
              onChange={(event) => setForm({ ...form, displayName: event.currentTarget.value })}
            />
            <TextInput
              label="Email"
              type="email"
              autoComplete="email"
              value={form.email}
              error={errors.email}
              onChange={(event) => setForm({ ...form, email: event.currentTarget.value })}
            />
            {isNewAddress && account.data?.hasPassword && (
              <PasswordInput
                label="Your password"
                description="We ask because a new address can receive a password reset"
                autoComplete="current-password"
                required
                withAsterisk={false}
                value={password}
                error={errors.password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
            )}
            {account.data?.email && form.email === account.data.email && (
              <EmailState isConfirmed={account.data.emailVerified} />
            )}
            {(account.data?.application.asksPhone || account.data?.phone) && (
              <TextInput
                label="Phone"
                type="tel"
                autoComplete="tel"
                value={form.phone}
                error={errors.phone}
                onChange={(event) => setForm({ ...form, phone: event.currentTarget.value })}
              />
            )}
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Stack>
        </form>
      )}
    </Stack>
  )
}
