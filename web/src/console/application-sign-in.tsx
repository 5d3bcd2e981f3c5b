import { Button, Group, NativeSelect, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import type { client } from '../api.ts'
import { ConfirmButton } from '../ui/confirm.tsx'
import { Copyable } from '../ui/copy-button.tsx'
import { ErrorNotice, Notice } from '../ui/parts.tsx'
import { AddressList } from './address-list.tsx'
import { SecuritySettings } from './application-security.tsx'

type Application = Awaited<ReturnType<typeof client.applications.read>>

const tokenFormats: readonly { readonly value: Application['tokenFormat']; readonly label: string }[] = [
  { value: 'JWT', label: 'JWT' },
  { value: 'JWT-Standard', label: 'JWT with the claim names of OpenID Connect' },
  { value: 'JWT-Empty', label: 'JWT without tag, picture and verified name' },
  { value: 'JWT-Custom', label: 'JWT with the fields that were chosen by the API' },
  { value: 'Opaque', label: 'Opaque: read by the userinfo endpoint' },
]

const managementLevels: readonly { readonly value: Application['management']; readonly label: string }[] = [
  { value: 'off', label: 'Off: it only signs people in' },
  { value: 'read', label: 'Read users, verifications, audit log and settings' },
  { value: 'people', label: 'Also add and change users, and start and cancel verifications' },
]

const switches = [
  {
    field: 'enablePassword',
    label: 'Sign in with a password',
    description: 'Off: only passkeys, codes by email, and administrators of the installation',
  },
  {
    field: 'enableEmailCode',
    label: 'Sign in with a code by email',
    description: 'Six digits to the address of the account. Without a mail server the console shows them',
  },
  {
    field: 'isPublic',
    label: 'Public client',
    description: 'Runs in a browser or on a phone: it has no secret and must use PKCE',
  },
  {
    field: 'requireConsent',
    label: 'Ask people before sharing their profile',
    description: 'People are always asked before their verified identity is shared',
  },
  {
    field: 'pairwiseSubjects',
    label: 'Pairwise subject identifiers',
    description:
      'The application knows people by identifiers that no other application has. Changing this makes everybody new to it',
  },
] as const satisfies readonly { field: keyof Application; label: string; description: string }[]

/** Shown once, and until it is dismissed: whatever else happens on the page, it is not lost. */
const NewSecret = ({ secret, onSeen }: { secret: string; onSeen: () => void }) => (
  <Notice tone="review" role="status" title="New client secret">
    <Stack gap="sm" mt="xs">
      <Text size="sm">It is shown only now. The old secret no longer works.</Text>
      <Copyable label="Client secret" text={secret} />
      <Group>
        <Button size="compact-md" variant="default" onClick={onSeen}>
          I have copied it
        </Button>
      </Group>
    </Stack>
  </Notice>
)

/** What the application's developer needs, and what signing in to it asks of people. */
export const SignInSettings = ({
  application,
  errors,
  secret,
  onSecretSeen,
  resetError,
  isResetting,
  onReset,
  onChange,
}: {
  application: Application
  errors: Readonly<Record<string, string>>
  secret: string | null
  onSecretSeen: () => void
  resetError: unknown
  isResetting: boolean
  onReset: () => void
  onChange: (part: Partial<Application>) => void
}) => (
  <section className="card">
    <Stack gap="md" maw={640}>
      <Title order={2} size="h4">
        Sign-in
      </Title>
      <Copyable label="Issuer" text={window.location.origin} />
      <Copyable label="Discovery address" text={`${window.location.origin}/.well-known/openid-configuration`} />
      <Copyable label="Client ID" text={application.clientId} />
      <ErrorNotice error={resetError} />
      {secret && <NewSecret secret={secret} onSeen={onSecretSeen} />}
      {!application.isPublic && (
        <Group>
          <ConfirmButton
            question={{
              title: 'Make a new client secret?',
              body: 'The old secret stops working at once. The application cannot sign people in until it has the new one.',
              action: 'Make a new secret',
            }}
            loading={isResetting}
            onConfirm={onReset}
          >
            New client secret
          </ConfirmButton>
        </Group>
      )}
      {switches.map(({ field, label, description }) => (
        <Switch
          key={field}
          label={label}
          description={description}
          checked={application[field]}
          onChange={(event) => onChange({ [field]: event.currentTarget.checked })}
        />
      ))}
      <NativeSelect
        label="Access tokens"
        description="What the application can read in a token without a call. A revoked token ends at once"
        data={tokenFormats.filter(({ value }) => value !== 'JWT-Custom' || application.tokenFormat === value)}
        value={application.tokenFormat}
        onChange={(event) => {
          const chosen = tokenFormats.find(({ value }) => value === event.currentTarget.value)
          if (chosen) onChange({ tokenFormat: chosen.value })
        }}
      />
      {!application.isPublic && (
        <NativeSelect
          label="Management with the client secret"
          description="What the client secret may do in this organization, apart from signing people in"
          data={[...managementLevels]}
          value={application.management}
          error={errors.management}
          onChange={(event) => {
            const chosen = managementLevels.find(({ value }) => value === event.currentTarget.value)
            if (chosen) onChange({ management: chosen.value })
          }}
        />
      )}
      <AddressList
        label="Post-logout redirect URIs"
        one="Post-logout redirect URI"
        description="Where people may be sent after signing out. Empty: the redirect URIs"
        field="postLogoutRedirectUris"
        values={application.postLogoutRedirectUris}
        errors={errors}
        onChange={(postLogoutRedirectUris) => onChange({ postLogoutRedirectUris })}
      />
      <SecuritySettings form={application} errors={errors} onChange={onChange} />
      <TextInput
        label="Back-channel logout URI"
        description="Receives a logout token when a person signs out"
        type="url"
        value={application.backchannelLogoutUri}
        error={errors.backchannelLogoutUri}
        onChange={(event) => onChange({ backchannelLogoutUri: event.currentTarget.value })}
      />
    </Stack>
  </section>
)
