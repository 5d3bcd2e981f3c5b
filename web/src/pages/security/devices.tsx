import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { api, queries } from '../../api.ts'
import { formatTime } from '../../sentences.ts'
import { ErrorNotice, Loading } from '../../ui/parts.tsx'
import { deviceName } from './device-name.ts'

/** Where the person is signed in. */
export const Devices = () => {
  const list = useQuery(api.security.devices.queryOptions())
  const end = useMutation(
    api.security.endDevice.mutationOptions({
      onSuccess: async () => {
        notifications.show({ message: 'That device is signed out.' })
        await queries.invalidateQueries({ queryKey: api.security.devices.key() })
      },
    }),
  )
  const endAll = useMutation(
    api.security.signOutEverywhere.mutationOptions({
      onSuccess: () => window.location.assign('/login'),
    }),
  )
  return (
    <section className="card" aria-labelledby="devices">
      <Stack gap="md">
        <Title order={2} size="h3" id="devices">
          Where you are signed in
        </Title>
        <ErrorNotice error={list.error ?? end.error ?? endAll.error} />
        {list.isPending && <Loading rows={2} />}
        {list.data?.items.map((device) => (
          <Group key={device.id} justify="space-between" wrap="nowrap" gap="sm">
            <div style={{ minWidth: 0 }}>
              <Text fw={600}>
                {deviceName(device.userAgent)}
                {device.isThis && ' · this device'}
              </Text>
              <Text size="sm" c="dimmed">
                <bdi className="mono">{device.address}</bdi> · last used {formatTime(device.lastSeenAt)}
              </Text>
            </div>
            {!device.isThis && (
              <Button
                variant="default"
                size="sm"
                style={{ flex: 'none' }}
                loading={end.isPending && end.variables?.id === device.id}
                aria-label={`Sign out ${deviceName(device.userAgent)}, last used ${formatTime(device.lastSeenAt)}`}
                onClick={() => end.mutate({ id: device.id })}
              >
                Sign out
              </Button>
            )}
          </Group>
        ))}
        <Button variant="default" loading={endAll.isPending} onClick={() => endAll.mutate({})}>
          Sign out everywhere
        </Button>
        <Text size="sm" c="dimmed">
          This device too. If you do not recognize one of these, sign out everywhere and change your password.
        </Text>
      </Stack>
    </section>
  )
}
