import { type Envelope, ok } from './envelope.ts'

/**
 * A list as these clients ask for it: whole, or a page when both `p` (from 1) and `pageSize` are given; `field` and `value`
 * filter by a part of a text, `sortField` and `sortOrder` sort. `data2` is the number of all rows on a page, else null.
 */
export const pageOf = <T>(
  rows: readonly T[],
  query: Readonly<Record<string, string>>,
  show: (row: T) => Record<string, unknown>,
): Envelope => {
  const { field, value, sortField, sortOrder } = query
  let shown = rows.map(show)
  if (field && value)
    shown = shown.filter((row) =>
      String(row[field] ?? '')
        .toLowerCase()
        .includes(value.toLowerCase()),
    )
  const by = sortField || 'createdTime'
  const direction = sortField && sortOrder === 'ascend' ? 1 : -1
  shown.sort((a, b) => direction * String(a[by] ?? '').localeCompare(String(b[by] ?? '')))
  const page = Number(query.p)
  const size = Number(query.pageSize)
  if (!(page >= 1 && size >= 1)) return ok(shown)
  return ok(shown.slice((page - 1) * size, page * size), { data2: shown.length })
}
