import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'

export type Column<T> = {
  readonly name: string
  readonly cell: (row: T) => ReactNode
  readonly hidden?: boolean
  /** What the column is sorted by. Lists that come in pages are not sorted here: part of them is not loaded. */
  readonly sortBy?: (row: T) => string | number
}

type Sorting = { readonly column: string; readonly isDescending: boolean }

const sorted = <T,>(rows: readonly T[], columns: readonly Column<T>[], sorting: Sorting | null): readonly T[] => {
  const sortBy = columns.find(({ name }) => name === sorting?.column)?.sortBy
  if (!sorting || !sortBy) return rows
  const direction = sorting.isDescending ? -1 : 1
  return [...rows].sort((one, other) => {
    const [first, second] = [sortBy(one), sortBy(other)]
    return (
      direction *
      (typeof first === 'number' && typeof second === 'number'
        ? first - second
        : String(first).localeCompare(String(second), 'en', { numeric: true }))
    )
  })
}

const SortButton = ({ name, sorting, onSort }: { name: string; sorting: Sorting | null; onSort: () => void }) => {
  const isSorted = sorting?.column === name
  const Icon = sorting?.isDescending ? IconArrowDown : IconArrowUp
  return (
    <button type="button" className="sort" onClick={onSort}>
      {name}
      {isSorted && <Icon size={14} aria-hidden="true" />}
    </button>
  )
}

/** A table on wide screens, cards with the same fields on narrow ones. */
export const Table = <T,>({
  label,
  columns,
  rows,
  keyOf,
}: {
  label: string
  columns: readonly Column<T>[]
  rows: readonly T[]
  keyOf: (row: T) => string
}) => {
  const [sorting, setSorting] = useState<Sorting | null>(null)
  const sort = (column: string): void =>
    setSorting({ column, isDescending: sorting?.column === column && !sorting.isDescending })
  return (
    <div className="card" style={{ paddingBlock: 8, overflowX: 'auto' }}>
      <table className="table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                aria-sort={
                  sorting?.column === column.name ? (sorting.isDescending ? 'descending' : 'ascending') : undefined
                }
              >
                {column.hidden ? (
                  <span className="visually-hidden">{column.name}</span>
                ) : column.sortBy ? (
                  <SortButton name={column.name} sorting={sorting} onSort={() => sort(column.name)} />
                ) : (
                  column.name
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted(rows, columns, sorting).map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <td key={column.name} data-label={column.hidden ? undefined : column.name}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** A time in the reader's zone. */
export const When = ({ at }: { at: string | null }) => (
  <span className="mono">
    {at
      ? new Date(at).toLocaleString('en-GB', {
          day: '2-digit',
          month: 'short',
          year: 'numeric',
          hour: '2-digit',
          minute: '2-digit',
        })
      : '–'}
  </span>
)
