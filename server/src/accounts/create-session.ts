import { eq } from 'drizzle-orm'
import { findOrganization } from '../organizations/index.ts'
import { type AccountsDeps, callerFrom, type Origin, type SignInResult } from './deps.ts'
import { rememberDevice } from './known-devices.ts'
import { users } from './schema.ts'
import { openSession } from './sessions.ts'
import type { UserRow } from './users.ts'

/** Opens the session of somebody who has shown who they are, and records it. @param methods names of RFC 8176 */
export const createSession = async (
  deps: AccountsDeps,
  row: UserRow,
  from: Origin & { application: string },
  methods: readonly string[],
): Promise<SignInResult> => {
  const at = deps.clock.now()
  const token = await openSession(deps, row, from.application, from, methods)
  const device = await deps.db.transaction(async (tx) => {
    await tx.update(users).set({ lastSignInAt: at }).where(eq(users.id, row.id))
    await deps.audit.append(tx, {
      organization: row.organization,
      actor: `${row.organization}/${row.name}`,
      action: 'sign-in',
      target: `${row.organization}/${row.name}`,
      reasons: [...methods],
      address: from.address,
    })
    return rememberDevice(deps, tx, from.device, row.id)
  })
  const { application, address } = from
  const organization = await findOrganization(deps.organizations.db, row.organization)
  return { token, device, caller: callerFrom(row, organization, { application, address, signedInAt: at, methods }) }
}
