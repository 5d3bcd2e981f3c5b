import { NativeSelect, Stack, Switch, Text } from '@mantine/core'
import type { client } from '../api.ts'

type Application = Awaited<ReturnType<typeof client.applications.read>>
type Fields = Application['signUpFields']

const labels = { off: 'Do not ask', optional: 'Optional', required: 'Required' }
const fields = [
  { name: 'email', label: 'Email', choices: ['optional', 'required'] },
  { name: 'displayName', label: 'Display name', choices: ['off', 'optional', 'required'] },
  { name: 'realName', label: 'Real name, as printed on the ID', choices: ['off', 'optional', 'required'] },
  { name: 'phone', label: 'Phone', choices: ['off', 'optional', 'required'] },
] as const

/** Whether people may sign up, and what they are asked for. The server holds it, whatever a page sends. */
export const SignUpSettings = ({
  form,
  onChange,
}: {
  form: Application
  onChange: (change: Pick<Application, 'enableSignUp' | 'signUpFields'>) => void
}) => {
  const { enableSignUp, signUpFields } = form
  return (
    <Stack gap="md">
      <Switch
        label="Allow sign-up"
        checked={enableSignUp}
        onChange={(event) => onChange({ signUpFields, enableSignUp: event.currentTarget.checked })}
      />
      {enableSignUp && (
        <>
          <Text size="sm" c="dimmed">
            Everybody chooses a username and a password. Ask for no more than you need.
          </Text>
          {fields.map(({ name, label, choices }) => (
            <NativeSelect
              key={name}
              label={label}
              value={signUpFields[name]}
              data={choices.map((value) => ({ value, label: labels[value] }))}
              onChange={(event) =>
                onChange({
                  enableSignUp,
                  signUpFields: { ...signUpFields, [name]: event.currentTarget.value } as Fields,
                })
              }
            />
          ))}
        </>
      )}
    </Stack>
  )
}
