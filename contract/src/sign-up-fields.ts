import { z } from 'zod'

const Asked = z.enum(['off', 'optional', 'required'])

/** What an application asks for when somebody signs up through it, besides a username and a password. */
export const SignUpFields = z.object({
  email: z.enum(['optional', 'required']).default('required'),
  displayName: Asked.default('off'),
  realName: Asked.default('off'),
  phone: Asked.default('off'),
})
export type SignUpFields = z.infer<typeof SignUpFields>

/** `#rrggbb`, or nothing: the product's own. */
export const Colour = z.string().regex(/^$|^#[\da-fA-F]{6}$/, 'Enter a colour like #0b5a6b.')
