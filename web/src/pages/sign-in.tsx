import { Anchor, Button, Stack, Text } from '@mantine/core'
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, client, queries, readApiError } from '../api.ts'
import { ErrorNotice } from '../ui/parts.tsx'
import { sessionQuery } from '../ui/session.tsx'
import { canUsePasskeys, PasskeyError } from './passkey-error.tsx'
import { CodeField, EmailCodeField, PasswordField, UsernameField } from './sign-in-fields.tsx'
import { forgotPasswordAddress, SignInPage, signUpAddress, useSignInPage } from './sign-in-page.tsx'

type Session = Awaited<ReturnType<typeof client.session.signIn>>

/** After the session was created: a required new password comes first, then the page that was asked for. */
const useCompleteSignIn = (to: string | undefined) => {
  const navigate = useNavigate()
  return async (session: Session) => {
    queries.clear()
    queries.setQueryData(sessionQuery().queryKey, session)
    if (session.user.mustChangePassword) return navigate({ to: '/account/security', search: to ? { to } : {} })
    // A step of a sign-in to an application is served by the server, not by this router.
    if (to?.startsWith('/login/oauth/')) return window.location.assign(to)
    await navigate({ to: to ?? (session.user.isAdmin ? '/console' : '/account/identity') })
  }
}

export const SignIn = ({ application }: { application?: string }) => {
  const signInPage = useSignInPage(application)
  const { to, login_hint: hint } = useSearch({ strict: false }) as { to?: string; login_hint?: string }
  const app = signInPage.data?.application
  const enter = useCompleteSignIn(to)
  const [username, setUsername] = useState(hint ?? '')
  const [password, setPassword] = useState('')
  const [emailCode, setEmailCode] = useState('')
  const [code, setCode] = useState('')
  const [asksCode, setAsksCode] = useState(false)
  const [chosen, setChosen] = useState<'password' | 'email' | null>(null)
  const method = chosen ?? (app?.enableEmailCode && !app.enablePassword ? 'email' : 'password')
  const applicationInput = application ? { application } : {}
  const secondStep = {
    onError: (error: Error) => {
      if (readApiError(error).code === 'SECOND_STEP_NEEDED') setAsksCode(true)
      setCode('')
    },
    onSuccess: enter,
  }
  const passkey = useMutation({
    mutationFn: async () => {
      const [optionsJSON, { startAuthentication }] = await Promise.all([
        client.session.startPasskey(),
        import('@simplewebauthn/browser'),
      ])
      const response = await startAuthentication({
        optionsJSON: optionsJSON as unknown as PublicKeyCredentialRequestOptionsJSON,
      })
      return client.session.passkeySignIn({
        ...applicationInput,
        response: { ...response, clientExtensionResults: { ...response.clientExtensionResults } },
      })
    },
    onSuccess: enter,
  })
  const signIn = useMutation(api.session.signIn.mutationOptions(secondStep))
  const startEmail = useMutation(api.session.startEmailCode.mutationOptions({ onSuccess: () => setEmailCode('') }))
  const emailSignIn = useMutation(api.session.emailCodeSignIn.mutationOptions(secondStep))
  const isSent = method === 'email' && startEmail.isSuccess
  const used = method === 'password' ? signIn : isSent ? emailSignIn : startEmail
  const isFirstAsk = asksCode && readApiError(used.error).code === 'SECOND_STEP_NEEDED'
  const restart = (next: 'password' | 'email'): void => {
    setChosen(next)
    setAsksCode(false)
    setPassword('')
    for (const mutation of [signIn, startEmail, emailSignIn]) mutation.reset()
  }
  const submit = (): void => {
    const second = asksCode ? { code } : {}
    if (method === 'password') signIn.mutate({ username, password, ...second, ...applicationInput })
    else if (isSent) emailSignIn.mutate({ emailCode, ...second, ...applicationInput })
    else startEmail.mutate({ username, ...applicationInput })
  }
  return (
    <SignInPage signInPage={signInPage} title={app ? `Sign in to ${app.displayName}` : 'Sign in'}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Stack gap="md">
          <ErrorNotice error={isFirstAsk ? null : used.error} />
          {asksCode && <CodeField code={code} onCode={setCode} onBack={() => restart(method)} />}
          {!asksCode && isSent && (
            <EmailCodeField
              value={emailCode}
              onChange={setEmailCode}
              onRetry={() => {
                emailSignIn.reset()
                startEmail.mutate({ username, ...applicationInput })
              }}
            />
          )}
          {!asksCode && !isSent && <UsernameField value={username} onChange={setUsername} />}
          {!asksCode && method === 'password' && (
            <PasswordField
              value={password}
              onChange={setPassword}
              forgot={app?.enablePassword ? forgotPasswordAddress(application, to) : undefined}
            />
          )}
          <Button type="submit" loading={used.isPending} fullWidth>
            {method === 'email' && !isSent ? 'Email me a code' : 'Sign in'}
          </Button>
        </Stack>
      </form>
      {!asksCode && app?.enableEmailCode && (
        <Button variant="default" fullWidth onClick={() => restart(method === 'email' ? 'password' : 'email')}>
          {method === 'email' ? 'Use a password' : 'Use a code by email'}
        </Button>
      )}
      {!asksCode && canUsePasskeys() && (
        <>
          <PasskeyError error={passkey.error} />
          <Button variant="default" fullWidth loading={passkey.isPending} onClick={() => passkey.mutate()}>
            Use a passkey
          </Button>
        </>
      )}
      {app?.enableSignUp && (
        <Text size="sm">
          New here? <Anchor href={signUpAddress(application, to)}>Create account</Anchor>
        </Text>
      )}
    </SignInPage>
  )
}
