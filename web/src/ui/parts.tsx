import { Anchor, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { readApiError } from '../api.ts'
import { readSentence } from '../sentences.ts'

/** The page's heading: gives the tab its title and takes the focus after a change of page. */
export const Heading = ({
  children,
  title,
  order = 1,
  size,
}: {
  children: ReactNode
  title?: string
  order?: 1 | 2
  size?: string
}) => {
  const heading = useRef<HTMLHeadingElement>(null)
  const text = title ?? (typeof children === 'string' ? children : '')
  useEffect(() => {
    if (text) document.title = `${text} – Veridoor`
    heading.current?.focus({ preventScroll: true })
  }, [text])
  return (
    <Title order={order} ref={heading} tabIndex={-1} size={size}>
      {children}
    </Title>
  )
}

export const Notice = ({
  tone = 'off',
  title,
  children,
  role,
}: {
  tone?: 'off' | 'review' | 'bad' | 'good' | 'open'
  title?: string
  children?: ReactNode
  role?: 'alert' | 'status'
}) => (
  <div className="notice" role={role} style={{ color: `var(--vd-${tone})`, background: `var(--vd-${tone}-tint)` }}>
    {tone === 'off' || tone === 'good' ? (
      <IconInfoCircle size={20} stroke={1.75} aria-hidden="true" style={{ flex: 'none', marginTop: 2 }} />
    ) : (
      <IconAlertTriangle size={20} stroke={1.75} aria-hidden="true" style={{ flex: 'none', marginTop: 2 }} />
    )}
    <div>
      {title && <strong>{title}</strong>}
      {children && <div>{children}</div>}
    </div>
  </div>
)

/** Signing in again leads back to this page. */
const signInHref = (): string => `/login?to=${encodeURIComponent(window.location.pathname + window.location.search)}`

/** The session has ended: the way back leads to this very page. */
const SessionEnded = () => (
  <Notice tone="review" role="alert" title="Sign in first.">
    <p>Your session has ended.</p>
    <Button component="a" href={signInHref()} mt="xs" size="xs" variant="default">
      Sign in
    </Button>
  </Notice>
)

/** What an error means: the product's sentence where there is one, else the text of the API. Field errors stand at their fields. */
export const ErrorNotice = ({ error, onRetry }: { error: unknown; onRetry?: () => void }) => {
  if (!error) return null
  if (readApiError(error).code === 'NOT_SIGNED_IN' && !window.location.pathname.startsWith('/login'))
    return <SessionEnded />
  const { code, message, detail } = readApiError(error)
  const text = detail.reason ? readSentence(detail.reason, detail.values) : null
  const fieldMessages = [...new Set((detail.fields ?? []).map((field) => field.message))].join(' · ')
  // A conflict that names the field says more than the general sentence.
  const title = text?.title ?? (code === 'CONFLICT' && fieldMessages !== '' ? fieldMessages : message)
  const body = text?.body ?? (fieldMessages === title ? '' : fieldMessages)
  return (
    <Notice tone="bad" role="alert" title={title}>
      {body !== '' && <p>{body}</p>}
      {onRetry && (
        <Button mt="xs" size="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Notice>
  )
}

export const Loading = ({ rows = 3 }: { rows?: number }) => (
  <Stack gap="sm" aria-busy="true" aria-label="Loading">
    {Array.from({ length: rows }, (_item, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: rows of a skeleton have no identity
      <Skeleton key={index} height={44} radius={6} />
    ))}
  </Stack>
)

/** Heading, one main action at the end, and what is on the page. */
export const Page = ({
  title,
  crumb,
  action,
  children,
}: {
  title: ReactNode
  crumb?: { to: string; text: string }
  action?: ReactNode
  children: ReactNode
}) => (
  <Stack gap="lg">
    <Group justify="space-between" align="flex-end" gap="sm">
      <div>
        {crumb && (
          <Anchor component={Link} to={crumb.to} size="sm">
            {crumb.text} ›
          </Anchor>
        )}
        <Heading size="h2" title={typeof title === 'string' ? title : (crumb?.text ?? '')}>
          {title}
        </Heading>
      </div>
      {action}
    </Group>
    {children}
  </Stack>
)

export const Empty = ({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) => (
  <Stack align="flex-start" gap="xs" py="lg">
    <Text fw={600}>{title}</Text>
    <Text c="dimmed">{children}</Text>
    {action}
  </Stack>
)
