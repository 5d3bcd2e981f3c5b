import { Button, Code, Group, PasswordInput, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, fieldErrors, queries } from '../../api.ts'
import { ErrorNotice, Loading, Notice } from '../../ui/parts.tsx'
import { QrCode } from '../../ui/qr-code.tsx'

const AskPassword = ({
  button,
  error,
  isPending,
  onPassword,
  onCancel,
}: {
  button: string
  error: unknown
  isPending: boolean
  onPassword: (password: string) => void
  onCancel: () => void
}) => {
  const [password, setPassword] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onPassword(password)
      }}
    >
      <Stack gap="md">
        <ErrorNotice error={error} />
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus
          error={fieldErrors(error).password}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Group gap="sm">
          <Button type="submit" loading={isPending}>
            {button}
          </Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** The secret as a picture and as text, until the app has shown that it has it. */
const Enrol = ({
  secret,
  address,
  onCodes,
}: {
  secret: string
  address: string
  onCodes: (codes: string[]) => void
}) => {
  const [code, setCode] = useState('')
  const confirm = useMutation(
    api.security.confirmApp.mutationOptions({ onSuccess: ({ recoveryCodes }) => onCodes(recoveryCodes) }),
  )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        confirm.mutate({ code })
      }}
    >
      <Stack gap="md">
        <Text>Scan this with your authenticator app, then type the code that it shows.</Text>
        <QrCode text={address} label="QR code for your authenticator app" />
        <Text size="sm" c="dimmed">
          No camera? Type this key into the app:{' '}
          <bdi className="mono" style={{ overflowWrap: 'anywhere' }} data-testid="app-secret">
            {secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}
          </bdi>
        </Text>
        <ErrorNotice error={confirm.error} />
        <TextInput
          label="Code from the app"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
          required
          withAsterisk={false}
          error={fieldErrors(confirm.error).code}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" loading={confirm.isPending}>
          Turn on
        </Button>
      </Stack>
    </form>
  )
}

const RecoveryCodes = ({ codes, onDone }: { codes: string[]; onDone: () => void }) => (
  <Stack gap="md">
    <Notice tone="review" title="Keep these recovery codes">
      <p>They are shown only now. Each works once when you do not have your app. Print or save them.</p>
    </Notice>
    <SimpleGrid cols={2} spacing="xs" data-testid="recovery-codes">
      {codes.map((code) => (
        <Code key={code} fz="md" ta="center">
          {code}
        </Code>
      ))}
    </SimpleGrid>
    <Group gap="sm">
      <Button
        component="a"
        variant="default"
        download="veridoor-recovery-codes.txt"
        href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${codes.join('\n')}\n`)}`}
      >
        Save as a file
      </Button>
      <Button onClick={onDone}>I have kept them</Button>
    </Group>
  </Stack>
)

type Step = 'rest' | 'start' | 'remove' | 'renew' | { secret: string; address: string } | { codes: string[] }

/** The second step at sign-in: an authenticator app, and codes for the day it is lost. */
export const Authenticator = () => {
  const state = useQuery(api.security.read.queryOptions())
  const [step, setStep] = useState<Step>('rest')
  const rest = async (): Promise<void> => {
    setStep('rest')
    await queries.invalidateQueries({ queryKey: api.security.key() })
  }
  const start = useMutation(api.security.startApp.mutationOptions({ onSuccess: (given) => setStep(given) }))
  const remove = useMutation(api.security.removeApp.mutationOptions({ onSuccess: rest }))
  const renew = useMutation(
    api.security.newRecoveryCodes.mutationOptions({
      onSuccess: ({ recoveryCodes }) => setStep({ codes: recoveryCodes }),
    }),
  )
  const asks = { start: [start, 'Go on'], remove: [remove, 'Turn off'], renew: [renew, 'Make new codes'] } as const
  const app = state.data?.authenticator
  const ask = typeof step === 'string' && step !== 'rest' ? asks[step] : undefined
  return (
    <section className="card" aria-labelledby="second-step">
      <Stack gap="md">
        <Title order={2} size="h3" id="second-step">
          Second step
        </Title>
        <ErrorNotice error={state.error} />
        {state.isPending && <Loading rows={1} />}
        {step === 'rest' && app && !app.isOn && (
          <>
            <Text>
              After your password, sign-in asks for a code from an app on your phone. A stolen password is then not
              enough.
            </Text>
            <Button onClick={() => setStep('start')}>Set up an authenticator app</Button>
          </>
        )}
        {step === 'rest' && app?.isOn && (
          <>
            <Text>
              <strong>On.</strong> Sign-in asks for a code from your app. {app.recoveryCodes} of 10 recovery codes are
              left.
            </Text>
            {app.recoveryCodes < 3 && (
              <Notice tone="review" title="Few recovery codes are left">
                <p>Make new ones now, so that you get in when your phone is lost.</p>
              </Notice>
            )}
            <Group gap="sm">
              <Button variant="default" onClick={() => setStep('renew')}>
                New recovery codes
              </Button>
              <Button variant="default" onClick={() => setStep('remove')}>
                Turn off
              </Button>
            </Group>
          </>
        )}
        {ask && (
          <AskPassword
            button={ask[1]}
            error={ask[0].error}
            isPending={ask[0].isPending}
            onPassword={(password) => ask[0].mutate({ password })}
            onCancel={() => {
              ask[0].reset()
              setStep('rest')
            }}
          />
        )}
        {typeof step === 'object' && 'secret' in step && <Enrol {...step} onCodes={(codes) => setStep({ codes })} />}
        {typeof step === 'object' && 'codes' in step && <RecoveryCodes codes={step.codes} onDone={() => void rest()} />}
      </Stack>
    </section>
  )
}
