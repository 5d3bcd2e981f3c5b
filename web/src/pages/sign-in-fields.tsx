import { Anchor, Group, PasswordInput, Text, TextInput } from '@mantine/core'

const takeFocus = (field: HTMLInputElement | null): void => field?.focus()

export const UsernameField = ({ value, onChange }: { value: string; onChange: (value: string) => void }) => (
  <TextInput
    label="Email or username"
    name="username"
    autoComplete="username"
    autoCapitalize="none"
    spellCheck={false}
    required
    withAsterisk={false}
    value={value}
    onChange={(event) => onChange(event.currentTarget.value)}
  />
)

export const PasswordField = ({
  value,
  onChange,
  forgot,
}: {
  value: string
  onChange: (value: string) => void
  /** Where to go without a password; left out where no reset is offered. */
  forgot: string | undefined
}) => (
  <div>
    <PasswordInput
      label="Password"
      name="password"
      autoComplete="current-password"
      required
      withAsterisk={false}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
    {forgot && (
      <Text size="sm" mt="xs">
        <Anchor href={forgot}>Forgot your password?</Anchor>
      </Text>
    )}
  </div>
)

/** The code that was sent by mail. Says nothing of whether there is such an account. */
export const EmailCodeField = ({
  value,
  onChange,
  onRetry,
}: {
  value: string
  onChange: (value: string) => void
  onRetry: () => void
}) => (
  <>
    <Text role="status">If an account fits, we sent a code to its email address. It works for 10 minutes.</Text>
    <TextInput
      label="Code from the email"
      description="Six digits"
      autoComplete="one-time-code"
      inputMode="numeric"
      maxLength={20}
      required
      withAsterisk={false}
      // The field appears because of what the person did: the cursor goes along.
      ref={takeFocus}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
    <Group>
      <Anchor component="button" type="button" size="sm" onClick={onRetry}>
        Get another code
      </Anchor>
    </Group>
  </>
)

/** The second step: what the authenticator app shows, or a recovery code. */
export const CodeField = ({
  code,
  onCode,
  onBack,
}: {
  code: string
  onCode: (code: string) => void
  onBack: () => void
}) => (
  <>
    <TextInput
      label="Code from your authenticator app"
      description="No phone? Enter one of your recovery codes."
      autoComplete="one-time-code"
      autoCapitalize="characters"
      spellCheck={false}
      maxLength={30}
      required
      withAsterisk={false}
      ref={takeFocus}
      value={code}
      onChange={(event) => onCode(event.currentTarget.value)}
    />
    <Anchor component="button" type="button" size="sm" onClick={onBack}>
      Use another account
    </Anchor>
  </>
)
