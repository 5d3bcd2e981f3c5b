import { Button, Group, Text } from '@mantine/core'

/** Somebody whom an application sent here to be verified goes back to it. */
export const BackToApplication = ({ isVerified }: { isVerified: boolean }) => {
  const back = sessionStorage.getItem('veridoor.back')
  if (!back?.startsWith('/login/oauth/interaction/')) return null
  const leave = (): void => {
    sessionStorage.removeItem('veridoor.back')
    window.location.assign(back)
  }
  return (
    <div className="card">
      <Group justify="space-between">
        <Text size="sm">
          {isVerified
            ? 'You are verified. The application that sent you here is waiting.'
            : 'An application asked you to verify your identity. When you are done, go on from here.'}
        </Text>
        <Button variant={isVerified ? 'filled' : 'default'} onClick={leave}>
          {isVerified ? 'Go on to the application' : 'Back to the sign-in'}
        </Button>
      </Group>
    </div>
  )
}
