import { Button, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { api, queries, readApiError } from '../api.ts'
import { ErrorNotice } from '../ui/parts.tsx'
import { useEmailToken } from './email-token.ts'
import { SignInPage, useSignInPage } from './sign-in-page.tsx'

/** Where the link of the mail leads. It confirms by a press: programs that look at links in mail do not press. */
export const ConfirmEmail = () => {
  const { application } = useSearch({ strict: false }) as { application?: string }
  const signInPage = useSignInPage(application)
  const token = useEmailToken()
  const confirm = useMutation(
    api.session.confirmEmail.mutationOptions({ onSuccess: () => queries.invalidateQueries() }),
  )
  if (confirm.isSuccess)
    return (
      <SignInPage signInPage={signInPage} title="Your email address is confirmed">
        <Text>You can close this page, or go on.</Text>
        <Button component="a" href="/account" fullWidth>
          Go to your account
        </Button>
      </SignInPage>
    )
  if (token === '' || readApiError(confirm.error).code === 'LINK_REFUSED')
    return (
      <SignInPage signInPage={signInPage} title="This link no longer works">
        <Text>It was already used, has expired, or your address has changed. Get a new one on your profile page.</Text>
        <Button component="a" href="/account" fullWidth>
          Go to your profile
        </Button>
      </SignInPage>
    )
  return (
    <SignInPage signInPage={signInPage} title="Confirm your email address">
      <ErrorNotice error={confirm.error} />
      <Text>Confirm only if you entered this address for your account.</Text>
      <Button fullWidth loading={confirm.isPending} onClick={() => confirm.mutate({ token })}>
        Confirm this address
      </Button>
    </SignInPage>
  )
}
