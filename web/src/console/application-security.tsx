import { NativeSelect, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { client } from '../api.ts'

type Application = Awaited<ReturnType<typeof client.applications.read>>

const profiles: readonly { readonly value: Application['securityProfile']; readonly label: string }[] = [
  { value: 'standard', label: 'OpenID Connect' },
  { value: 'fapi2', label: 'FAPI 2.0 Security Profile' },
]
const authentications: readonly { readonly value: Application['clientAuthentication']; readonly label: string }[] = [
  { value: 'client_secret', label: 'A client secret' },
  { value: 'private_key_jwt', label: 'A private key (private_key_jwt)' },
]

/** A JWK set as text; undefined while the text is not one. */
const readKeys = (text: string): Application['jwks'] | undefined => {
  if (text.trim() === '') return null
  try {
    const read = JSON.parse(text) as { keys?: unknown }
    return Array.isArray(read.keys) ? (read as NonNullable<Application['jwks']>) : undefined
  } catch {
    return undefined
  }
}

/** How an application proves itself, and which rules its sign-ins follow. */
export const SecuritySettings = ({
  form,
  errors,
  onChange,
}: {
  form: Application
  errors: Readonly<Record<string, string>>
  onChange: (form: Application) => void
}) => {
  const [text, setText] = useState(form.jwks ? JSON.stringify(form.jwks, null, 2) : '')
  const usesKeys = form.clientAuthentication === 'private_key_jwt' || form.securityProfile === 'fapi2'
  const keyError = Object.entries(errors).find(([path]) => path === 'jwks' || path.startsWith('jwks.'))?.[1]
  return (
    <Stack gap="md">
      <NativeSelect
        label="Security profile"
        description="FAPI 2.0 requires pushed requests, PKCE, a key of the application, and tokens bound to a key (DPoP)"
        data={[...profiles]}
        value={form.securityProfile}
        error={errors.securityProfile}
        onChange={(event) => {
          const chosen = profiles.find(({ value }) => value === event.currentTarget.value)
          if (chosen) onChange({ ...form, securityProfile: chosen.value })
        }}
      />
      {!form.isPublic && form.securityProfile === 'standard' && (
        <>
          <NativeSelect
            label="The application proves itself with"
            data={[...authentications]}
            value={form.clientAuthentication}
            error={errors.clientAuthentication}
            onChange={(event) => {
              const chosen = authentications.find(({ value }) => value === event.currentTarget.value)
              if (chosen) onChange({ ...form, clientAuthentication: chosen.value })
            }}
          />
          <Switch
            label="Require PKCE"
            description="Sign-ins without a code challenge are refused"
            checked={form.requirePkce}
            onChange={(event) => onChange({ ...form, requirePkce: event.currentTarget.checked })}
          />
        </>
      )}
      {usesKeys && (
        <>
          <Textarea
            label="Public keys (JWKS)"
            description="They check what the application signs. Leave empty to have them read from an address"
            autosize
            minRows={3}
            maxRows={12}
            value={text}
            error={readKeys(text) === undefined ? 'This is not a JWK set: {"keys": [...]}.' : keyError}
            onChange={(event) => {
              const typed = event.currentTarget.value
              setText(typed)
              const jwks = readKeys(typed)
              if (jwks !== undefined) onChange({ ...form, jwks })
            }}
          />
          <TextInput
            label="Address of the public keys"
            value={form.jwksUri}
            error={errors.jwksUri}
            onChange={(event) => onChange({ ...form, jwksUri: event.currentTarget.value })}
          />
        </>
      )}
    </Stack>
  )
}
