import type { Parts } from './parts.ts'
import { findRow, insertUser } from './store.ts'
import { BUILT_IN } from './users.ts'

/** The first administrator, at the first start. Does nothing where there is one. */
export const seedAdmin = (parts: Parts, password: string): Promise<boolean> =>
  parts.db.transaction(async (tx) => {
    if (await findRow(tx, BUILT_IN, 'admin')) return false
    await insertUser(
      tx,
      {
        organization: BUILT_IN,
        name: 'admin',
        displayName: 'Administrator',
        email: '',
        password,
        application: 'app-built-in',
        isAdmin: true,
      },
      parts.clock.now(),
    )
    await parts.audit.append(tx, {
      organization: BUILT_IN,
      actor: 'system',
      action: 'add-user',
      target: `${BUILT_IN}/admin`,
    })
    return true
  })
