import { ErrorNotice, Notice } from '../ui/parts.tsx'

/** Passkeys belong to a host name: at a numeric address no browser makes or uses one. */
export const canUsePasskeys = (): boolean =>
  typeof window.PublicKeyCredential === 'function' && !/^[\d.]+$|^\[/.test(window.location.hostname)

const words: Record<string, { title: string; text: string }> = {
  // Cancelled, or no passkey for here: browsers tell pages no difference, so that pages cannot find out.
  NotAllowedError: { title: 'No passkey was used', text: 'Try again, or sign in with your password.' },
  AbortError: { title: 'No passkey was used', text: 'Try again, or sign in with your password.' },
  InvalidStateError: {
    title: 'This device has a passkey already',
    text: 'Use that one, or add one on another device.',
  },
  SecurityError: { title: 'Passkeys do not work at this address', text: 'Open this page by its usual address.' },
}

/** What the browser says about a passkey, in words; else what the server says. */
export const PasskeyError = ({ error }: { error: unknown }) => {
  const known = error instanceof Error ? words[error.name] : undefined
  if (!known) return <ErrorNotice error={error} />
  return (
    <Notice tone="review" role="alert" title={known.title}>
      <p>{known.text}</p>
    </Notice>
  )
}
