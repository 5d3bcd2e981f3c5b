import { Anchor, Button, PasswordInput, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, fieldErrors, readApiError } from '../api.ts'
import { ErrorNotice } from '../ui/parts.tsx'
import { useEmailToken } from './email-token.ts'
import { forgotPasswordAddress, SignInPage, signInAddress, useSignInPage } from './sign-in-page.tsx'

const PASSWORD_LENGTH = 10

/** Where the link of the mail leads: a new password, then the ordinary sign-in. */
export const ResetPassword = () => {
  const { application } = useSearch({ strict: false }) as { application?: string }
  const signInPage = useSignInPage(application)
  const token = useEmailToken()
  const [password, setPassword] = useState('')
  const reset = useMutation(api.session.resetPassword.mutationOptions())
  const isOver = token === '' || readApiError(reset.error).code === 'LINK_REFUSED'
  if (reset.isSuccess)
    return (
      <SignInPage signInPage={signInPage} title="Your password is changed">
        <Text>All devices are signed out. Sign in with the new password.</Text>
        <Button component="a" href={signInAddress(application)} fullWidth>
          Sign in
        </Button>
      </SignInPage>
    )
  if (isOver)
    return (
      <SignInPage signInPage={signInPage} title="This link no longer works">
        <Text>It was used, or it is too old, or a newer one was sent. Get a new one.</Text>
        <Button component="a" href={forgotPasswordAddress(application)} fullWidth>
          Get a new link
        </Button>
      </SignInPage>
    )
  return (
    <SignInPage signInPage={signInPage} title="Choose a new password">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          reset.mutate({ token, password })
        }}
      >
        <Stack gap="md">
          <ErrorNotice error={reset.error} />
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
    </SignInPage>
  )
}
