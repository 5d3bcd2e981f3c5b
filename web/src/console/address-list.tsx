import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'

/** Where the application may send people after signing in, one field an address: a wrong one is marked in its row. */
export const AddressList = ({
  label,
  one,
  description,
  field,
  values,
  errors,
  onChange,
}: {
  label: string
  /** What one entry is called: `Redirect URI`. */
  one: string
  description: string
  /** Name of the list in the API, by which errors name its rows: `redirectUris.1`. */
  field: string
  values: readonly string[]
  errors: Readonly<Record<string, string>>
  onChange: (values: string[]) => void
}) => {
  const rows = values.length === 0 ? [''] : values
  const replace = (index: number, value: string): void => onChange(rows.map((row, at) => (at === index ? value : row)))
  return (
    <Input.Wrapper label={label} description={description} error={errors[field]} size="md" labelElement="div">
      <Stack gap="xs" mt="xs" role="group" aria-label={label}>
        {rows.map((value, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows are told apart by their place alone
          <Group key={index} gap="xs" wrap="nowrap" align="flex-start">
            <TextInput
              aria-label={`${one} ${index + 1}`}
              placeholder="https://app.example.com/callback"
              type="url"
              spellCheck={false}
              autoComplete="off"
              style={{ flex: 1 }}
              value={value}
              error={errors[`${field}.${index}`]}
              onChange={(event) => {
                // A list that is pasted becomes rows.
                const [first = '', ...more] = event.currentTarget.value.split(/\s+/)
                if (more.length === 0) replace(index, first)
                else onChange([...rows.slice(0, index), first, ...more.filter(Boolean), ...rows.slice(index + 1)])
              }}
            />
            <ActionIcon
              variant="subtle"
              size={42}
              aria-label={`Remove ${one} ${index + 1}`}
              disabled={rows.length === 1 && value === ''}
              onClick={() => onChange(rows.filter((_row, at) => at !== index))}
            >
              <IconX size={18} />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button size="compact-md" variant="default" onClick={() => onChange([...rows, ''])}>
            Add another
          </Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  )
}
