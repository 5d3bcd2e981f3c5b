import { Button, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type PublicKeyCredentialCreationOptionsJSON, startRegistration } from '@simplewebauthn/browser'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, client, fieldErrors, queries } from '../../api.ts'
import { formatDate } from '../../sentences.ts'
import { ErrorNotice, Loading } from '../../ui/parts.tsx'
import { canUsePasskeys, PasskeyError } from '../passkey-error.tsx'
import { deviceName } from './device-name.ts'

const refresh = () => queries.invalidateQueries({ queryKey: api.security.key() })

const AddPasskey = ({ onDone }: { onDone: () => void }) => {
  const [form, setForm] = useState({ name: deviceName(navigator.userAgent), password: '' })
  const add = useMutation({
    mutationFn: async () => {
      const optionsJSON = await client.security.startPasskey({ password: form.password })
      const response = await startRegistration({
        optionsJSON: optionsJSON as unknown as PublicKeyCredentialCreationOptionsJSON,
      })
      await client.security.addPasskey({
        name: form.name,
        response: { ...response, clientExtensionResults: { ...response.clientExtensionResults } },
      })
    },
    onSuccess: async () => {
      notifications.show({ message: 'Passkey added. You can sign in with it now.' })
      await refresh()
      onDone()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate()
      }}
    >
      <Stack gap="md">
        <PasskeyError error={add.error} />
        <TextInput
          label="Name of this passkey"
          description="The device it is on, so that you recognize it."
          maxLength={60}
          required
          withAsterisk={false}
          value={form.name}
          onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
        />
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          error={fieldErrors(add.error).password}
          value={form.password}
          onChange={(event) => setForm({ ...form, password: event.currentTarget.value })}
        />
        <Group gap="sm">
          <Button type="submit" loading={add.isPending}>
            Add passkey
          </Button>
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type Row = { id: string; name: string; createdAt: string; lastUsedAt: string | null }

const PasskeyRow = ({ passkey }: { passkey: Row }) => {
  const [step, setStep] = useState<'rest' | 'rename' | 'remove'>('rest')
  const [name, setName] = useState(passkey.name)
  const onSuccess = async (): Promise<void> => {
    setStep('rest')
    await refresh()
  }
  const rename = useMutation(api.security.renamePasskey.mutationOptions({ onSuccess }))
  const remove = useMutation(api.security.removePasskey.mutationOptions({ onSuccess }))
  const used = passkey.lastUsedAt ? `last used ${formatDate(passkey.lastUsedAt)}` : 'not used yet'
  return (
    <Stack gap="xs">
      <div>
        <Text fw={600}>{passkey.name}</Text>
        <Text size="sm" c="dimmed">
          Added {formatDate(passkey.createdAt)} · {used}
        </Text>
      </div>
      <ErrorNotice error={rename.error ?? remove.error} />
      {step === 'rest' && (
        <Group gap="sm">
          <Button variant="default" size="sm" aria-label={`Rename ${passkey.name}`} onClick={() => setStep('rename')}>
            Rename
          </Button>
          <Button variant="default" size="sm" aria-label={`Remove ${passkey.name}`} onClick={() => setStep('remove')}>
            Remove
          </Button>
        </Group>
      )}
      {step === 'rename' && (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            rename.mutate({ id: passkey.id, name })
          }}
        >
          <Stack gap="xs">
            <TextInput
              label="New name"
              maxLength={60}
              required
              withAsterisk={false}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Group gap="sm">
              <Button type="submit" size="sm" loading={rename.isPending}>
                Save
              </Button>
              <Button variant="default" size="sm" onClick={() => setStep('rest')}>
                Cancel
              </Button>
            </Group>
          </Stack>
        </form>
      )}
      {step === 'remove' && (
        <>
          <Text size="sm">It will not sign you in any more. Delete it on your device too.</Text>
          <Group gap="sm">
            <Button size="sm" loading={remove.isPending} onClick={() => remove.mutate({ id: passkey.id })}>
              Remove passkey
            </Button>
            <Button variant="default" size="sm" onClick={() => setStep('rest')}>
              Keep it
            </Button>
          </Group>
        </>
      )}
    </Stack>
  )
}

/** Passkeys: signing in with the device's own lock, without a password. */
export const Passkeys = () => {
  const state = useQuery(api.security.read.queryOptions())
  const [isAdding, setIsAdding] = useState(false)
  return (
    <section className="card" aria-labelledby="passkeys">
      <Stack gap="md">
        <Title order={2} size="h3" id="passkeys">
          Passkeys
        </Title>
        <Text>
          Sign in with your fingerprint, face or device PIN. A passkey cannot be guessed, nor given to a false page.
        </Text>
        <ErrorNotice error={state.error} />
        {state.isPending && <Loading rows={1} />}
        {state.data?.passkeys.map((passkey) => (
          <PasskeyRow key={passkey.id} passkey={passkey} />
        ))}
        {!canUsePasskeys() && (
          <Text size="sm" c="dimmed">
            This browser cannot make passkeys at this address. Use a current browser, over https.
          </Text>
        )}
        {canUsePasskeys() &&
          (isAdding ? (
            <AddPasskey onDone={() => setIsAdding(false)} />
          ) : (
            <Button variant="default" onClick={() => setIsAdding(true)}>
              Add a passkey
            </Button>
          ))}
      </Stack>
    </section>
  )
}
