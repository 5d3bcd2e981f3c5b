import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/**
 * The save button of a long form: it stays at the bottom of the window, says whether there is something to save and why it cannot be
 * saved, and asks before unsaved changes are left.
 */
export const SaveBar = ({
  isChanged,
  isSaving,
  problem,
  children,
  onSave,
  onDiscard,
}: {
  isChanged: boolean
  isSaving: boolean
  /** Why it cannot be saved now. */
  problem?: string | undefined
  /** What did not work, shown above the buttons. */
  children?: ReactNode
  onSave: () => void
  onDiscard?: (() => void) | undefined
}) => (
  <section className="save-bar" aria-label="Save changes">
    {children}
    <Group justify="space-between" gap="sm">
      <Text size="sm" c="dimmed" role="status">
        {problem ?? (isChanged ? 'Unsaved changes' : 'Nothing to save')}
      </Text>
      <Group gap="sm">
        {onDiscard && isChanged && (
          <Button variant="default" onClick={onDiscard}>
            Discard
          </Button>
        )}
        <Button loading={isSaving} disabled={!isChanged || problem !== undefined} onClick={onSave}>
          Save changes
        </Button>
      </Group>
    </Group>
    <LeaveQuestion isChanged={isChanged && !isSaving} />
  </section>
)

/** Asks before a page with unsaved changes is left, by a link on the page or by closing the tab. */
const LeaveQuestion = ({ isChanged }: { isChanged: boolean }) => {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isChanged && current.pathname !== next.pathname,
    enableBeforeUnload: () => isChanged,
    withResolver: true,
  })
  return (
    <Modal
      opened={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      title="Leave without saving?"
      centered
    >
      <Stack gap="md">
        <Text>Your changes on this page are not saved.</Text>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={() => blocker.proceed?.()}>
            Leave
          </Button>
          <Button onClick={() => blocker.reset?.()} data-autofocus>
            Stay
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
