import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, fieldErrors, queries } from '../api.ts'
import { ErrorNotice } from '../ui/parts.tsx'
import { sessionQuery } from '../ui/session.tsx'
import { SignInPage, signInAddress, useSignInPage } from './sign-in-page.tsx'

const PASSWORD_LENGTH = 10

export const SignUp = () => {
  const { application } = useParams({ strict: false }) as { application?: string }
  const signInPage = useSignInPage(application)
  const { to } = useSearch({ strict: false }) as { to?: string }
  const navigate = useNavigate()
  const [form, setForm] = useState({ username: '', email: '', displayName: '', realName: '', phone: '', password: '' })
  const signUp = useMutation(
    api.session.signUp.mutationOptions({
      onSuccess: async (session) => {
        queries.clear()
        queries.setQueryData(sessionQuery().queryKey, session)
        // A step of a sign-in to an application is served by the server, not by this router.
        if (to?.startsWith('/login/oauth/')) return window.location.assign(to)
        await navigate({ to: to ?? '/account/identity' })
      },
    }),
  )
  const errors = fieldErrors(signUp.error)
  const app = signInPage.data?.application
  const asked = app?.signUpFields
  const organization = signInPage.data?.organization
  const field = (name: keyof typeof form) => ({
    name,
    value: form[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => setForm({ ...form, [name]: event.currentTarget.value }),
  })
  /** A field that this application asks for. Optional ones are marked. */
  const needed = (name: 'email' | 'displayName' | 'realName' | 'phone', label: string) => ({
    label: asked?.[name] === 'optional' ? `${label} (optional)` : label,
    required: asked?.[name] === 'required',
    withAsterisk: false,
    error: errors[name],
    ...field(name),
  })
  return (
    <SignInPage signInPage={signInPage} title={app ? `Create an account for ${app.displayName}` : 'Create an account'}>
      {app && !app.enableSignUp ? (
        <Text>Ask {organization?.displayName} for an account.</Text>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            signUp.mutate({ ...form, ...(application ? { application } : {}) })
          }}
        >
          <Stack gap="md">
            <ErrorNotice error={signUp.error} />
            <TextInput
              label="Username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              withAsterisk={false}
              error={errors.username ?? errors.name}
              {...field('username')}
            />
            <TextInput type="email" autoComplete="email" {...needed('email', 'Email')} />
            {asked && asked.displayName !== 'off' && (
              <TextInput autoComplete="nickname" maxLength={100} {...needed('displayName', 'Display name')} />
            )}
            {asked && asked.realName !== 'off' && (
              <TextInput
                autoComplete="name"
                description="As printed on your ID"
                maxLength={200}
                {...needed('realName', 'Real name')}
              />
            )}
            {asked && asked.phone !== 'off' && (
              <TextInput type="tel" autoComplete="tel" maxLength={30} {...needed('phone', 'Phone')} />
            )}
            <PasswordInput
              label="Password"
              description={`At least ${PASSWORD_LENGTH} characters. A few words are fine.`}
              autoComplete="new-password"
              minLength={PASSWORD_LENGTH}
              required
              withAsterisk={false}
              error={errors.password}
              {...field('password')}
            />
            <Button type="submit" loading={signUp.isPending} fullWidth>
              Create account
            </Button>
          </Stack>
        </form>
      )}
      <Text size="sm">
        Have an account? <Anchor href={signInAddress(application, to)}>Sign in</Anchor>
      </Text>
    </SignInPage>
  )
}
