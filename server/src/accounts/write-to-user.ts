import type { Transaction } from '@veridoor/foundation'
import type { Email } from '../mail/index.ts'
import { findOrganization } from '../organizations/index.ts'
import type { AccountsDeps } from './deps.ts'
import { findRowById } from './store.ts'
import type { UserRow } from './users.ts'

/**
 * Writes to a person, in the transaction of what it is about. Who has no address gets nothing.
 * @param make is given the organization's name and help contact
 */
export const writeTo = async (
  deps: AccountsDeps,
  tx: Transaction,
  row: Pick<UserRow, 'id' | 'organization' | 'name' | 'email'>,
  make: (about: { sender: string; name: string }, help: string) => Email,
  usefulMs?: number,
): Promise<void> => {
  if (row.email === '') return
  const organization = await findOrganization(deps.organizations.db, row.organization)
  const about = { sender: organization?.displayName ?? row.organization, name: row.name }
  await deps.mail.send(tx, {
    organization: row.organization,
    userId: row.id,
    to: row.email,
    email: make(about, organization?.helpContact ?? ''),
    ...(usefulMs === undefined ? {} : { usefulMs }),
  })
}

/** As `writeTo`, for a room that knows the account by its id only. Does nothing where the account is gone. */
export const writeToUser = async (
  deps: AccountsDeps,
  tx: Transaction,
  userId: string,
  make: Parameters<typeof writeTo>[3],
): Promise<void> => {
  const row = await findRowById(tx, userId)
  if (row) await writeTo(deps, tx, row, make)
}
