import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { type PublicKeyCredentialRequestOptionsJSON, startAuthentication } from '@simplewebauthn/browser'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, client, queries, refusalOf } from '../api.ts'
import { Fault } from '../ui/parts.tsx'
import { sessionQuery } from '../ui/session.tsx'
import { Door } from './door.tsx'
import { canUsePasskeys, PasskeyFault } from './passkey-fault.tsx'

const takeFocus = (field: HTMLInputElement | null): void => field?.focus()

/** The second step: what the authenticator app shows, or a recovery code. */
const CodeStep = ({ code, onCode, onBack }: { code: string; onCode: (code: string) => void; onBack: () => void }) => (
  <>
    <TextInput
      label="Code from your authenticator app"
      description="No phone at hand? Type one of your recovery codes."
      autoComplete="one-time-code"
      autoCapitalize="characters"
      spellCheck={false}
      maxLength={30}
      required
      withAsterisk={false}
      // The field appears because of what the person did: the cursor goes along.
      ref={takeFocus}
      value={code}
      onChange={(event) => onCode(event.currentTarget.value)}
    />
    <Anchor component="button" type="button" size="sm" onClick={onBack}>
      Use another account
    </Anchor>
  </>
)

export const SignIn = ({ application }: { application?: string }) => {
  const page = useQuery(api.session.page.queryOptions({ input: application ? { application } : {} }))
  const { to } = useSearch({ strict: false }) as { to?: string }
  const navigate = useNavigate()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [asksCode, setAsksCode] = useState(false)
  const enter = async (session: Awaited<ReturnType<typeof client.session.signIn>>) => {
    queries.clear()
    queries.setQueryData(sessionQuery().queryKey, session)
    // Steps of a sign-in to an application are the server's addresses: the browser goes there itself.
    if (session.user.mustChangePassword) return navigate({ to: '/account/security', search: to ? { to } : {} })
    if (to?.startsWith('/login/oauth/')) return window.location.assign(to)
    await navigate({ to: to ?? (session.user.isAdmin ? '/console' : '/account/identity') })
  }
  const passkey = useMutation({
    mutationFn: async () => {
      const optionsJSON = await client.session.startPasskey()
      const response = await startAuthentication({
        optionsJSON: optionsJSON as unknown as PublicKeyCredentialRequestOptionsJSON,
      })
      return client.session.passkeySignIn({
        ...(application ? { application } : {}),
        response: { ...response, clientExtensionResults: { ...response.clientExtensionResults } },
      })
    },
    onSuccess: enter,
  })
  const signIn = useMutation(
    api.session.signIn.mutationOptions({
      onError: (error) => {
        const { code: refusal } = refusalOf(error)
        if (refusal === 'SECOND_STEP_NEEDED') setAsksCode(true)
        setCode('')
      },
      onSuccess: enter,
    }),
  )
  const app = page.data?.application
  const isFirstAsk = asksCode && refusalOf(signIn.error).code === 'SECOND_STEP_NEEDED'
  return (
    <Door
      name={page.data?.organization.displayName ?? 'Veridoor'}
      title={app ? `Sign in to ${app.displayName}` : 'Sign in'}
      help={page.data?.organization.helpContact ?? ''}
      logo={app?.logo || page.data?.organization.logo || ''}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          signIn.mutate({ username, password, ...(asksCode ? { code } : {}), ...(application ? { application } : {}) })
        }}
      >
        <Stack gap="md">
          <Fault error={page.error ?? (isFirstAsk ? null : signIn.error)} />
          {asksCode ? (
            <CodeStep
              code={code}
              onCode={setCode}
              onBack={() => {
                setAsksCode(false)
                setPassword('')
                signIn.reset()
              }}
            />
          ) : (
            <>
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
              <PasswordInput
                label="Password"
                name="password"
                autoComplete="current-password"
                required
                withAsterisk={false}
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
            </>
          )}
          <Button type="submit" loading={signIn.isPending} fullWidth>
            Sign in
          </Button>
        </Stack>
      </form>
      {!asksCode && canUsePasskeys() && (
        <>
          <PasskeyFault error={passkey.error} />
          <Button variant="default" fullWidth loading={passkey.isPending} onClick={() => passkey.mutate()}>
            Use a passkey
          </Button>
        </>
      )}
      {app?.enableSignUp && (
        <Text size="sm">
          New here?{' '}
          <Anchor href={`/signup${application ? `/${application}` : ''}${to ? `?to=${encodeURIComponent(to)}` : ''}`}>
            Create account
          </Anchor>
        </Text>
      )}
    </Door>
  )
}
