import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api, fieldErrors, queries } from '../api.ts'
import { Fault, Heading, Loading } from '../ui/parts.tsx'

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
      <Fault error={again.error} />
    </Stack>
  )
}

export const Profile = () => {
  const account = useQuery(api.account.read.queryOptions())
  const [form, setForm] = useState<{ displayName: string; email: string } | null>(null)
  useEffect(() => {
    if (account.data && !form) setForm({ displayName: account.data.displayName, email: account.data.email })
  }, [account.data, form])
  const save = useMutation(
    api.account.saveProfile.mutationOptions({
      onSuccess: (data) => {
        queries.setQueryData(api.account.read.queryKey(), data)
        notifications.show({ message: 'Saved' })
      },
    }),
  )
  const errors = fieldErrors(save.error)
  return (
    <Stack gap="md">
      <Heading size="h2">Profile</Heading>
      {account.error ? <Fault error={account.error} onAgain={() => void account.refetch()} /> : null}
      {!form ? (
        <Loading />
      ) : (
        <form
          className="card"
          onSubmit={(event) => {
            event.preventDefault()
            save.mutate(form)
          }}
        >
          <Stack gap="md">
            <Fault error={save.error} />
            <TextInput label="Username" value={account.data?.name ?? ''} readOnly variant="unstyled" />
            <TextInput
              label="Name to show"
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
            {account.data?.email && form.email === account.data.email && (
              <EmailState isConfirmed={account.data.emailVerified} />
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
