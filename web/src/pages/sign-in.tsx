import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, queries } from '../api.ts'
import { Fault } from '../ui/parts.tsx'
import { sessionQuery } from '../ui/session.tsx'
import { Door } from './door.tsx'

export const SignIn = ({ application }: { application?: string }) => {
  const page = useQuery(api.session.page.queryOptions({ input: application ? { application } : {} }))
  const { to } = useSearch({ strict: false }) as { to?: string }
  const navigate = useNavigate()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation(
    api.session.signIn.mutationOptions({
      onSuccess: async (session) => {
        queries.clear()
        queries.setQueryData(sessionQuery().queryKey, session)
        // Steps of a sign-in to an application are the server's addresses: the browser goes there itself.
        if (to?.startsWith('/login/oauth/')) return window.location.assign(to)
        await navigate({ to: to ?? (session.user.isAdmin ? '/console' : '/account/identity') })
      },
    }),
  )
  const app = page.data?.application
  return (
    <Door
      name={page.data?.organization.displayName ?? 'Veridoor'}
      title={app ? `Sign in to ${app.displayName}` : 'Sign in'}
      help={page.data?.organization.helpContact ?? ''}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          signIn.mutate({ username, password, ...(application ? { application } : {}) })
        }}
      >
        <Stack gap="md">
          <Fault error={page.error ?? signIn.error} />
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
          <Button type="submit" loading={signIn.isPending} fullWidth>
            Sign in
          </Button>
        </Stack>
      </form>
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
