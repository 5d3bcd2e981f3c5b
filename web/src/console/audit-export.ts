import { client } from '../api.ts'
import { staffReasonSentence } from '../sentences.ts'
import { actionText } from './words.ts'

export type AuditLine = Awaited<ReturnType<typeof client.audit.list>>['items'][number]
export type AuditFilter = { action?: string; target?: string; organization?: string }

/** Lines that one export may have: more are read through the API. */
export const MOST_LINES = 20_000
const PAGE = 200

const columns = [
  'number',
  'at',
  'organization',
  'actor',
  'action',
  'target',
  'provider',
  'reference',
  'before',
  'after',
  'result',
  'reasons',
  'address',
] as const

/** Spreadsheets run a cell that begins with one of these signs as a formula (OWASP, "CSV injection"). */
const toCell = (value: string): string => {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Lines as CSV (RFC 4180), with a heading. */
export const toCsv = (lines: readonly AuditLine[]): string =>
  [
    columns.join(','),
    ...lines.map((line) =>
      columns
        .map((column) => {
          if (column === 'reasons') return line.reasons.map((reason) => staffReasonSentence(reason)).join(' ')
          return column === 'action' ? actionText(line.action) : String(line[column] ?? '')
        })
        .map(toCell)
        .join(','),
    ),
  ].join('\r\n')

/** Lines as JSON Lines, as the API has them. */
export const toJsonLines = (lines: readonly AuditLine[]): string => lines.map((line) => JSON.stringify(line)).join('\n')

/**
 * All lines that fit a filter, newest first, up to `MOST_LINES`.
 * @param onProgress the number of lines so far
 */
export const readAllLines = async (filter: AuditFilter, onProgress: (lines: number) => void): Promise<AuditLine[]> => {
  const lines: AuditLine[] = []
  let cursor: string | null = ''
  while (cursor !== null && lines.length < MOST_LINES) {
    const page: Awaited<ReturnType<typeof client.audit.list>> = await client.audit.list({
      ...filter,
      limit: PAGE,
      ...(cursor ? { cursor } : {}),
    })
    lines.push(...page.items)
    onProgress(lines.length)
    cursor = page.nextCursor
  }
  return lines.slice(0, MOST_LINES)
}

/** Hands a text to the browser as a file. */
export const download = (name: string, type: string, text: string): void => {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
