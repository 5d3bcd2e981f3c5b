import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { ErrorNotice } from '../ui/parts.tsx'
import { SignInPage, signInAddress, useSignInPage } from './sign-in-page.tsx'

/** Says the same whether there is such an account or not. */
export const ForgotPassword = () => {
  const { application, to } = useSearch({ strict: false }) as { application?: string; to?: string }
  const signInPage = useSignInPage(application)
  const [username, setUsername] = useState('')
  const ask = useMutation(api.session.forgotPassword.mutationOptions())
  const help = signInPage.data?.organization.helpContact
  return (
    <SignInPage signInPage={signInPage} title={ask.isSuccess ? 'Check your email' : 'Forgot your password?'}>
      {ask.isSuccess ? (
        <Stack gap="md" role="status">
          <Text>If an account fits, we sent a link to its email address. It works once, for 30 minutes.</Text>
          <Text size="sm" c="dimmed">
            No email? Check your spam folder and what you typed. An account without an email address gets no link
            {help ? `: ask ${help}` : ''}.
          </Text>
          <Button variant="default" fullWidth onClick={() => ask.reset()}>
            Try again
          </Button>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            ask.mutate({ username, ...(application ? { application } : {}) })
          }}
        >
          <Stack gap="md">
            <ErrorNotice error={ask.error} />
            <Text>We email you a link to choose a new password.</Text>
            <TextInput
              label="Email or username"
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              withAsterisk={false}
              value={username}
              onChange={(event) => setUsername(event.currentTarget.value)}
            />
            <Button type="submit" loading={ask.isPending} fullWidth>
              Send a link
            </Button>
          </Stack>
        </form>
      )}
      <Text size="sm">
        <Anchor href={signInAddress(application, to)}>Back to sign in</Anchor>
      </Text>
    </SignInPage>
  )
}
