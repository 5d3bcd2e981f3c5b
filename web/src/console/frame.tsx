import { Anchor, AppShell, Burger, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconApps,
  IconBuilding,
  IconGauge,
  IconHome,
  IconListCheck,
  IconMail,
  IconPlugConnected,
  IconScript,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react'
import { Link, Outlet } from '@tanstack/react-router'
import { PersonMenu } from '../pages/account-frame.tsx'
import { Logo } from '../ui/logo.tsx'
import { Messages } from '../ui/messages.tsx'
import { Heading } from '../ui/parts.tsx'
import { SchemeSwitch } from '../ui/scheme-switch.tsx'
import { useSession } from '../ui/session.tsx'

const menuItems = [
  { to: '/console', text: 'Dashboard', icon: IconHome },
  { to: '/console/organizations', text: 'Organizations', icon: IconBuilding },
  { to: '/console/applications', text: 'Applications', icon: IconApps },
  { to: '/console/providers', text: 'Providers', icon: IconPlugConnected },
  { to: '/console/users', text: 'Users', icon: IconUsers },
  { to: '/console/verifications', text: 'Verifications', icon: IconListCheck },
  { to: '/console/webhooks', text: 'Webhooks', icon: IconWebhook },
  { to: '/console/mail', text: 'Mail', icon: IconMail },
  { to: '/console/budgets', text: 'Budgets', icon: IconGauge, isGlobal: true },
  { to: '/console/audit', text: 'Audit', icon: IconScript },
] as const

export const ConsoleFrame = () => {
  const { session } = useSession()
  const [opened, { toggle, close }] = useDisclosure(false)
  if (session?.user.needsSecondFactor)
    return (
      <main className="people">
        <Stack gap="md" pt="xl">
          <Heading title="Second factor needed">Sign in with a second factor</Heading>
          <Text>
            {session.organization.displayName} requires a second factor or a passkey of its administrators. Set one up
            on the security page, then sign out and sign in with it.
          </Text>
          <Anchor component={Link} to="/account/security">
            Open the security page
          </Anchor>
        </Stack>
      </main>
    )
  if (session && !session.user.isAdmin)
    return (
      <main className="people">
        <Stack gap="md" pt="xl">
          <Heading title="Not allowed">This page is for administrators</Heading>
          <Text>Ask an administrator of {session.organization.displayName} for the role you need.</Text>
          <Anchor component={Link} to="/account/identity">
            Go to your account
          </Anchor>
        </Stack>
      </main>
    )
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="lg"
    >
      <Messages />
      <AppShell.Header style={{ background: 'var(--vd-surface)', borderColor: 'var(--vd-border)' }}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <Anchor component={Link} to="/console" underline="never" c="brand">
              <Group gap="xs" wrap="nowrap">
                <Logo size={24} />
                <Text fw={650} c="var(--mantine-color-text)">
                  Veridoor
                </Text>
              </Group>
            </Anchor>
            <Text size="sm" c="dimmed" visibleFrom="sm">
              {session?.organization.displayName}
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <SchemeSwitch />
            <PersonMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" style={{ background: 'var(--vd-surface)', borderColor: 'var(--vd-border)' }}>
        <nav aria-label="Console">
          {menuItems
            .filter((item) => !('isGlobal' in item) || session?.user.isGlobalAdmin)
            .map(({ to, text, icon: Icon }) => (
              <Link key={to} to={to} className="nav-link" activeOptions={{ exact: to === '/console' }} onClick={close}>
                <Icon size={20} stroke={1.75} aria-hidden="true" />
                {text}
              </Link>
            ))}
        </nav>
      </AppShell.Navbar>
      <AppShell.Main>
        <div style={{ maxWidth: 1200 }}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  )
}
