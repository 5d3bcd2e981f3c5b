import { Anchor, Group, Menu, Tabs, Text, UnstyledButton } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { api } from '../api.ts'
import { Logo } from '../ui/logo.tsx'
import { Messages } from '../ui/messages.tsx'
import { SchemeSwitch } from '../ui/scheme-switch.tsx'
import { clearSession, useSession } from '../ui/session.tsx'

/** Name, way to the console for administrators, and sign out: the same at the end of every header. */
export const PersonMenu = () => {
  const { session } = useSession()
  const navigate = useNavigate()
  const signOut = useMutation(
    api.session.signOut.mutationOptions({
      onSettled: async () => {
        await clearSession()
        await navigate({ to: '/login' })
      },
    }),
  )
  if (!session) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <UnstyledButton p="xs">
          <Text size="sm" fw={600}>
            {session.user.displayName || session.user.name} ▾
          </Text>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/account/identity">
          Your account
        </Menu.Item>
        {session.user.isAdmin && (
          <Menu.Item component={Link} to="/console">
            Console
          </Menu.Item>
        )}
        <Menu.Item onClick={() => signOut.mutate({})}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

const tabs = [
  { value: '/account', text: 'Profile' },
  { value: '/account/security', text: 'Security' },
  { value: '/account/identity', text: 'Identity' },
]

export const AccountFrame = () => {
  const { session } = useSession()
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const at = pathname.replace(/\/$/, '') || '/account'
  return (
    <>
      <Messages />
      <header style={{ borderBottom: '1px solid var(--vd-border)', background: 'var(--vd-surface)' }}>
        <Group justify="space-between" maw={960} mx="auto" px="md" h={56} wrap="nowrap">
          <Anchor component={Link} to="/account/identity" underline="never" c="brand">
            <Group gap="xs" wrap="nowrap">
              <Logo size={24} />
              <Text fw={650} c="var(--mantine-color-text)">
                {session?.application.displayName ?? 'Veridoor'}
              </Text>
            </Group>
          </Anchor>
          <Group gap="xs" wrap="nowrap">
            <SchemeSwitch />
            <PersonMenu />
          </Group>
        </Group>
      </header>
      <main className="people">
        <Tabs value={at} onChange={(value) => value && void navigate({ to: value })} mb="lg">
          <Tabs.List>
            {tabs.map((tab) => (
              <Tabs.Tab key={tab.value} value={tab.value}>
                {tab.text}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
        <Outlet />
      </main>
    </>
  )
}
