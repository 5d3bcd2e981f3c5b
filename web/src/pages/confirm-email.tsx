import { Button, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { api, queries, refusalOf } from '../api.ts'
import { Fault } from '../ui/parts.tsx'
import { DoorOf, useDoor } from './door-of.tsx'
import { useMailedToken } from './mailed-token.ts'

/** Where the link of the mail leads. It confirms by a press: programs that look at links in mail do not press. */
export const ConfirmEmail = () => {
  const { application } = useSearch({ strict: false }) as { application?: string }
  const door = useDoor(application)
  const token = useMailedToken()
  const confirm = useMutation(
    api.session.confirmEmail.mutationOptions({ onSuccess: () => queries.invalidateQueries() }),
  )
  if (confirm.isSuccess)
    return (
      <DoorOf door={door} title="Your email address is confirmed">
        <Text>You can close this page, or go on.</Text>
        <Button component="a" href="/account" fullWidth>
          Go to your account
        </Button>
      </DoorOf>
    )
  if (token === '' || refusalOf(confirm.error).code === 'LINK_REFUSED')
    return (
      <DoorOf door={door} title="This link no longer works">
        <Text>
          It was used, or it is too old, or the address is another one by now. Get a new one on your profile page.
        </Text>
        <Button component="a" href="/account" fullWidth>
          Go to your profile
        </Button>
      </DoorOf>
    )
  return (
    <DoorOf door={door} title="Confirm your email address">
      <Fault error={confirm.error} />
      <Text>Press the button if you gave this address for your account.</Text>
      <Button fullWidth loading={confirm.isPending} onClick={() => confirm.mutate({ token })}>
        Confirm this address
      </Button>
    </DoorOf>
  )
}
