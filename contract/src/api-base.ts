import { oc } from '@orpc/contract'
import { z } from 'zod'
import { apiErrors } from './errors.ts'

/** What every part of the API is made of: the base with its errors, names, times and pages. */
const ApiErrorDetail = z.object({
  /** A sentence code, where a person needs one. */
  reason: z.string().optional(),
  values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
const errorMap = Object.fromEntries(
  Object.entries(apiErrors).map(([code, { status, message }]) => [code, { status, message, data: ApiErrorDetail }]),
) as { [C in keyof typeof apiErrors]: { status: number; message: string; data: typeof ApiErrorDetail } }

export const base = oc.errors(errorMap)

/** A name by which something is found. New objects get theirs by `ObjectName` and `NewUserName`, which are stricter. */
export const Name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^/?:#&%=+;\s]+$/, 'Leave out spaces and the characters / ? : # & % = + ;.')
  .normalize('NFC')
export const Id = z.string().min(1).max(100)
export const Time = z.iso.datetime()
export const Page = { cursor: z.string().max(200).optional(), limit: z.int().min(1).max(200).default(50) }
/** As `Page`, for lists that are usually short: most of them fit on one page. */
export const LongPage = { ...Page, limit: z.int().min(1).max(200).default(200) }
export const nextCursor = z.string().nullable()

export const organizationAndName = z.object({ organization: Name, name: Name })
/** A page of a list. Rows are counted up to 10,000: `isTotalCapped` says that there are more than `total`. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor, total: z.int(), isTotalCapped: z.boolean() })
export const doneResponse = z.object({ done: z.literal(true) })
