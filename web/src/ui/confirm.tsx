import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'

type Question = {
  readonly title: string
  readonly body: ReactNode
  /** The verb on the button: `Delete`. */
  readonly action: string
  /** For acts that cannot be undone or that many people depend on: the name that has to be typed. */
  readonly typed?: string
  /** Nothing is lost by the act: no red button. */
  readonly isHarmless?: boolean
}

/**
 * Asks before an act. The answer of the browser's own dialog cannot be styled, is blocked in embedded pages, and asks for no name.
 * @param onConfirm called once the question was answered with yes
 */
export const ConfirmButton = ({
  children,
  question,
  loading = false,
  onConfirm,
  ...button
}: {
  children: ReactNode
  question: Question
  loading?: boolean
  onConfirm: () => void
  size?: string
  disabled?: boolean
  'aria-label'?: string
}) => {
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <Button variant="default" loading={loading} onClick={() => setAsking(true)} {...button}>
        {children}
      </Button>
      <Modal opened={isAsking} onClose={() => setAsking(false)} title={question.title} centered>
        <Confirmation
          question={question}
          onCancel={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false)
            onConfirm()
          }}
        />
      </Modal>
    </>
  )
}

/** The inside of the question: it begins anew each time it is opened. */
const Confirmation = ({
  question,
  onCancel,
  onConfirm,
}: {
  question: Question
  onCancel: () => void
  onConfirm: () => void
}) => {
  const [text, setText] = useState('')
  const isReady = question.typed === undefined || text.trim() === question.typed
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) onConfirm()
      }}
    >
      <Stack gap="md">
        <Text component="div">{question.body}</Text>
        {question.typed !== undefined && (
          <TextInput
            label={`Type ${question.typed} to confirm`}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onCancel}>
            {question.isHarmless ? 'Cancel' : 'Keep it'}
          </Button>
          <Button
            type="submit"
            {...(question.isHarmless ? {} : { color: 'red', className: 'danger' })}
            disabled={!isReady}
          >
            {question.action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
