import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { api, queries } from '../api.ts'
import { Fault, Loading } from '../ui/parts.tsx'

/** What a browser says about itself, in two words a person knows. */
const deviceName = (userAgent: string): string => {
  const browser = /Edg\//.test(userAgent)
    ? 'Edge'
    : /Firefox\//.test(userAgent)
      ? 'Firefox'
      : /Chrome\//.test(userAgent)
        ? 'Chrome'
        : /Safari\//.test(userAgent)
          ? 'Safari'
          : 'A program'
  const system = [
    ['iPhone', /iPhone/],
    ['iPad', /iPad/],
    ['Android', /Android/],
    ['Windows', /Windows/],
    ['Mac', /Macintosh/],
    ['Linux', /Linux/],
  ].find(([, pattern]) => (pattern as RegExp).test(userAgent))?.[0]
  return system ? `${browser} on ${system}` : browser
}
const when = (at: string): string => new Date(at).toLocaleString(undefined, { dateStyle: 'long', timeStyle: 'short' })

/** Where this account is signed in, and the way to end it there. */
export const Devices = () => {
  const list = useQuery(api.account.listSessions.queryOptions())
  const onSettled = () => queries.invalidateQueries()
  const end = useMutation(api.account.endSession.mutationOptions({ onSettled }))
  const endOthers = useMutation(api.account.endOtherSessions.mutationOptions({ onSettled }))
  const sessions = list.data?.items ?? []
  return (
    <section className="card" aria-labelledby="devices">
      <Stack gap="md">
        <Title order={2} size="h4" id="devices">
          Where you are signed in
        </Title>
        <Fault error={list.error ?? end.error ?? endOthers.error} />
        {list.isPending && <Loading rows={2} />}
        <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
          {sessions.map((session) => (
            <li key={session.id} style={{ paddingBlock: 12, borderTop: '1px solid var(--vd-border)' }}>
              <Group justify="space-between" wrap="nowrap" align="flex-start">
                <div style={{ minWidth: 0 }}>
                  <Text fw={600}>{deviceName(session.userAgent)}</Text>
                  <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {session.isCurrent ? 'This device' : `Last used ${when(session.lastSeenAt)}`} ·{' '}
                    <bdi>{session.address}</bdi>
                  </Text>
                </div>
                {!session.isCurrent && (
                  <Button
                    variant="default"
                    size="sm"
                    style={{ flex: 'none' }}
                    loading={end.isPending && end.variables?.id === session.id}
                    onClick={() => end.mutate({ id: session.id })}
                    aria-label={`Sign out ${deviceName(session.userAgent)}`}
                  >
                    Sign out
                  </Button>
                )}
              </Group>
            </li>
          ))}
        </ul>
        {sessions.length > 1 && (
          <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate(undefined)}>
            Sign out everywhere else
          </Button>
        )}
        <Text size="sm" c="dimmed">
          Something you do not know? Sign it out, then change your password.
        </Text>
      </Stack>
    </section>
  )
}
