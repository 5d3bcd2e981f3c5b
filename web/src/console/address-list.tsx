import { Textarea } from '@mantine/core'

/** The rows of a list that the server found something wrong with, as one sentence each. */
const errorOf = (field: string, errors: Record<string, string>): string | undefined => {
  const lines = Object.entries(errors).flatMap(([path, message]) => {
    const [, row] = path.startsWith(`${field}.`) ? path.split('.') : []
    return row === undefined ? [] : [`Row ${Number(row) + 1}: ${message}`]
  })
  return lines.length > 0 ? lines.join(' ') : errors[field]
}

/** Addresses, one a line. */
export const AddressList = ({
  field,
  label,
  description,
  value,
  errors,
  onChange,
}: {
  /** The member of the form, by which errors name their row. */
  field: string
  label: string
  description: string
  value: string[]
  errors: Record<string, string>
  onChange: (value: string[]) => void
}) => (
  <Textarea
    label={label}
    description={description}
    size="md"
    autosize
    minRows={2}
    error={errorOf(field, errors)}
    value={value.join('\n')}
    onChange={(event) => onChange(event.currentTarget.value.split('\n'))}
  />
)
