import type { ReactNode } from 'react'

export type Column<T> = { readonly name: string; readonly cell: (row: T) => ReactNode; readonly hidden?: boolean }

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
}) => (
  <div className="card" style={{ paddingBlock: 8, overflowX: 'auto' }}>
    <table className="table" aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.name} scope="col">
              {column.hidden ? <span className="visually-hidden">{column.name}</span> : column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
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
