import { Stack } from '@mantine/core'
import { Heading, Notice } from '../ui/parts.tsx'
import { useSession } from '../ui/session.tsx'
import { Authenticator } from './security/authenticator.tsx'
import { ChangePassword } from './security/change-password.tsx'
import { Devices } from './security/devices.tsx'
import { Passkeys } from './security/passkeys.tsx'

export const Security = () => {
  const { session } = useSession()
  const mustChange = session?.user.mustChangePassword === true
  return (
    <Stack gap="md">
      <Heading size="h2">Security</Heading>
      {mustChange && (
        <Notice tone="review" title="Choose your own password">
          <p>Someone else set your current password. Change it to continue.</p>
        </Notice>
      )}
      <ChangePassword />
      {!mustChange && (
        <>
          <Passkeys />
          <Authenticator />
          <Devices />
        </>
      )}
    </Stack>
  )
}
