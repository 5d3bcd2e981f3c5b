import { ColorInput } from '@mantine/core'

/** A colour as `#rrggbb`, or nothing. */
export const ColourField = ({
  value,
  description,
  error,
  onChange,
}: {
  value: string
  description: string
  error: string | undefined
  onChange: (value: string) => void
}) => (
  <ColorInput
    label="Colour of the sign-in pages"
    description={description}
    size="md"
    format="hex"
    // Its button has no name that a screen reader could say.
    withEyeDropper={false}
    placeholder="#0b5a6b"
    value={value}
    error={error}
    onChange={onChange}
  />
)
