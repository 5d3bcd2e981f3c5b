import type { AccountsDeps } from './deps.ts'
import { hashPassword } from './passwords.ts'
import { findRow, insertUser } from './store.ts'
import { BUILT_IN } from './users.ts'

/** The first administrator, at the first start. Does nothing where there is one. */
export const seedAdmin = async (deps: AccountsDeps, password: string): Promise<boolean> => {
  const passwordHash = await hashPassword(deps, password)
  return deps.db.transaction(async (tx) => {
    if (await findRow(tx, BUILT_IN, 'admin')) return false
    await insertUser(
      tx,
      {
        organization: BUILT_IN,
        name: 'admin',
        displayName: 'Administrator',
        email: '',
        passwordHash,
        application: 'app-built-in',
        isAdmin: true,
      },
      deps.clock.now(),
    )
    await deps.audit.append(tx, {
      organization: BUILT_IN,
      actor: 'system',
      action: 'add-user',
      target: `${BUILT_IN}/admin`,
    })
    return true
  })
}
