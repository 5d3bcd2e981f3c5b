import { Button, Code, Group, NativeSelect, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type client } from '../api.ts'
import { Fault } from '../ui/parts.tsx'
import { AddressList } from './address-list.tsx'
import { SecuritySettings } from './application-security.tsx'

type Application = Awaited<ReturnType<typeof client.applications.read>>

const tokenForms: readonly { readonly value: Application['tokenFormat']; readonly label: string }[] = [
  { value: 'JWT', label: 'Readable (JWT)' },
  { value: 'JWT-Standard', label: 'Readable, in the names of OpenID Connect' },
  { value: 'JWT-Empty', label: 'Readable, without tag, picture and verified name' },
  { value: 'JWT-Custom', label: 'Readable, with the fields that its API chose' },
  { value: 'Opaque', label: 'Not readable: ask userinfo' },
]

const switches = [
  {
    field: 'enablePassword',
    label: 'Sign in with a password',
    description: 'Off: passkeys, codes by email, and administrators of the installation only',
  },
  {
    field: 'enableEmailCode',
    label: 'Sign in with a code by email',
    description: 'Six digits to the account’s address. Without a mail server the console shows them',
  },
  {
    field: 'isPublic',
    label: 'Public client',
    description: 'Runs in a browser or on a phone: it has no secret, and must use PKCE',
  },
  {
    field: 'requireConsent',
    label: 'Ask people before sharing their profile',
    description: 'Verified identity is always asked for',
  },
  {
    field: 'pairwiseSubjects',
    label: 'Identifiers of its own',
    description:
      'It knows people by identifiers that no other application has. Changing this makes everybody new to it',
  },
] as const satisfies readonly { field: keyof Application; label: string; description: string }[]

/** What the application's developer needs, and what signing in through it asks of people. */
export const SignInSettings = ({
  form,
  errors,
  onChange,
}: {
  form: Application
  errors: Record<string, string>
  onChange: (form: Application) => void
}) => {
  const [secret, setSecret] = useState<string | null>(null)
  const reset = useMutation(
    api.applications.resetSecret.mutationOptions({ onSuccess: ({ clientSecret }) => setSecret(clientSecret) }),
  )
  return (
    <section className="card">
      <Stack gap="md" maw={560}>
        <Title order={2} size="h4">
          Sign-in
        </Title>
        <Text size="sm">
          Discovery address: <Code>{`${window.location.origin}/.well-known/openid-configuration`}</Code>
        </Text>
        <Text size="sm">
          Client ID: <Code>{form.clientId}</Code>
        </Text>
        <Fault error={reset.error} />
        {secret && (
          <div className="note" role="status">
            <Text size="sm" fw={600}>
              New client secret. It is shown only now; the old one has ended.
            </Text>
            <Code block>{secret}</Code>
          </div>
        )}
        {!form.isPublic && (
          <Group>
            <Button
              variant="default"
              loading={reset.isPending}
              onClick={() =>
                window.confirm('Make a new client secret? The application cannot sign people in until it has it.') &&
                reset.mutate({ name: form.name })
              }
            >
              New client secret
            </Button>
          </Group>
        )}
        {switches.map(({ field, label, description }) => (
          <Switch
            key={field}
            label={label}
            description={description}
            checked={form[field]}
            onChange={(event) => onChange({ ...form, [field]: event.currentTarget.checked })}
          />
        ))}
        <NativeSelect
          label="Access tokens"
          description="What the application reads in one without asking here. Each ends at once when it is revoked"
          data={tokenForms.filter(({ value }) => value !== 'JWT-Custom' || form.tokenFormat === value)}
          value={form.tokenFormat}
          onChange={(event) => {
            const chosen = tokenForms.find(({ value }) => value === event.currentTarget.value)
            if (chosen) onChange({ ...form, tokenFormat: chosen.value })
          }}
        />
        <AddressList
          field="postLogoutRedirectUris"
          label="Addresses after signing out"
          description="One a line. Left empty, the return addresses are used"
          value={form.postLogoutRedirectUris}
          errors={errors}
          onChange={(postLogoutRedirectUris) => onChange({ ...form, postLogoutRedirectUris })}
        />
        <SecuritySettings form={form} errors={errors} onChange={onChange} />
        <TextInput
          label="Back-channel logout address"
          description="Receives a logout token when a person signs out"
          value={form.backchannelLogoutUri}
          error={errors.backchannelLogoutUri}
          onChange={(event) => onChange({ ...form, backchannelLogoutUri: event.currentTarget.value })}
        />
      </Stack>
    </section>
  )
}
