import type { Transaction } from '@veridoor/foundation'
import type { Letter } from '../mail/index.ts'
import type { Deps } from './deps.ts'
import type { UserRow } from './users.ts'

/**
 * Writes to a person, in the transaction of what it is about. Who has no address gets nothing.
 * @param make is given the organization's name and help contact
 */
export const writeTo = async (
  deps: Deps,
  tx: Transaction,
  row: Pick<UserRow, 'id' | 'organization' | 'name' | 'email'>,
  make: (about: { sender: string; name: string }, help: string) => Letter,
  usefulMs?: number,
): Promise<void> => {
  if (row.email === '') return
  const organization = await deps.organizations.findOrganization(row.organization)
  const about = { sender: organization?.displayName ?? row.organization, name: row.name }
  await deps.mail.send(tx, {
    organization: row.organization,
    userId: row.id,
    to: row.email,
    letter: make(about, organization?.helpContact ?? ''),
    ...(usefulMs === undefined ? {} : { usefulMs }),
  })
}
