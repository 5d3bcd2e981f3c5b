import { Button, Code, Group } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'

const SHOWN_MS = 2_000

/** Copies a text, and says so for two seconds. `what` names the text for people who do not see it. */
export const CopyButton = ({ text, what }: { text: string; what: string }) => {
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready')
  useEffect(() => {
    if (state === 'ready') return
    const timer = setTimeout(() => setState('ready'), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [state])
  const copy = (): void => {
    // Browsers offer the clipboard on https and localhost only.
    Promise.resolve(navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'))).then(
      () => setState('copied'),
      () => setState('failed'),
    )
  }
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={
        state === 'copied' ? <IconCheck size={16} aria-hidden="true" /> : <IconCopy size={16} aria-hidden="true" />
      }
      aria-label={state === 'ready' ? `Copy ${what}` : undefined}
      onClick={copy}
    >
      <span aria-live="polite">
        {state === 'copied' ? 'Copied' : state === 'failed' ? 'Select and copy it' : 'Copy'}
      </span>
    </Button>
  )
}

/** A value that is meant for another program, with a button that copies it. */
export const Copyable = ({ label, text }: { label: string; text: string }) => (
  <div>
    <div className="field-label">{label}</div>
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Code style={{ overflowWrap: 'anywhere', flex: 1, minWidth: 0 }}>{text}</Code>
      <CopyButton text={text} what={label.charAt(0).toLowerCase() + label.slice(1)} />
    </Group>
  </div>
)
