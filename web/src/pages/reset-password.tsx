import { Anchor, Button, PasswordInput, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, fieldErrors, refusalOf } from '../api.ts'
import { Fault } from '../ui/parts.tsx'
import { DoorOf, forgotPasswordAddress, signInAddress, useDoor } from './door-of.tsx'
import { useMailedToken } from './mailed-token.ts'

const PASSWORD_LENGTH = 10

/** Where the link of the mail leads: a new password, then the ordinary sign-in. */
export const ResetPassword = () => {
  const { application } = useSearch({ strict: false }) as { application?: string }
  const door = useDoor(application)
  const token = useMailedToken()
  const [password, setPassword] = useState('')
  const reset = useMutation(api.session.resetPassword.mutationOptions())
  const isOver = token === '' || refusalOf(reset.error).code === 'LINK_REFUSED'
  if (reset.isSuccess)
    return (
      <DoorOf door={door} title="Your password is changed">
        <Text>All devices are signed out. Sign in with the new password.</Text>
        <Button component="a" href={signInAddress(application)} fullWidth>
          Sign in
        </Button>
      </DoorOf>
    )
  if (isOver)
    return (
      <DoorOf door={door} title="This link no longer works">
        <Text>It was used, or it is too old, or a newer one was sent. Get a new one.</Text>
        <Button component="a" href={forgotPasswordAddress(application)} fullWidth>
          Get a new link
        </Button>
      </DoorOf>
    )
  return (
    <DoorOf door={door} title="Choose a new password">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          reset.mutate({ token, password })
        }}
      >
        <Stack gap="md">
          <Fault error={reset.error} />
          <PasswordInput
            label="New password"
            description={`At least ${PASSWORD_LENGTH} characters. A few words are fine.`}
            name="password"
            autoComplete="new-password"
            minLength={PASSWORD_LENGTH}
            required
            withAsterisk={false}
            error={fieldErrors(reset.error).password}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" loading={reset.isPending} fullWidth>
            Save password
          </Button>
          <Text size="sm" c="dimmed">
            All devices are signed out.
          </Text>
        </Stack>
      </form>
      <Text size="sm">
        <Anchor href={signInAddress(application)}>Back to sign in</Anchor>
      </Text>
    </DoorOf>
  )
}
