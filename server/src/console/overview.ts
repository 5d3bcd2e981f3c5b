import { findUserById } from '../accounts/index.ts'
import {
  findOrganization,
  pageOfApplications,
  pageOfProviders,
  providersOfApplications,
  SHARED_OWNER,
} from '../organizations/index.ts'
import { os, requireAdministrator } from './context.ts'

/** The dashboard shows no more of them; their lists have all. */
const FIRST_PAGE = { limit: 200 }
/** How many of the newest verified checks are looked at for one without a specimen. */
const NEWEST_VERIFIED = 200

/** The dashboard: counts that open lists, health, and the set-up steps, which are ticked by what was done. */
export const overview = {
  read: os.overview.read.handler(async ({ context }) => {
    const caller = requireAdministrator(context)
    const { rooms } = context
    const { counts, oldestReviewAt } = await rooms.verification.overview(caller)
    const { db } = rooms.organizations
    const only = caller.isGlobalAdmin ? undefined : caller.organization
    const { rows: providers } = await pageOfProviders(
      db,
      only === undefined ? undefined : [only, SHARED_OWNER],
      FIRST_PAGE,
    )
    const { rows: applications } = await pageOfApplications(db, only, FIRST_PAGE)
    const organization = await findOrganization(rooms.organizations.db, caller.organization)
    const user = await findUserById(rooms.accounts, caller.userId)
    const verified = async (isTest: boolean, limit: number) =>
      (await rooms.verification.list(caller, { organization: caller.organization, state: 'verified', isTest, limit }))
        .items
    const tests = await verified(true, 1)
    const people = await verified(false, NEWEST_VERIFIED)
    const attached = await providersOfApplications(
      db,
      applications.map((application) => application.name),
    )
    return {
      counts,
      oldestReviewAt: oldestReviewAt?.toISOString() ?? null,
      providers: providers.map((row) => ({
        organization: row.owner,
        name: row.name,
        displayName: row.displayName,
        health:
          row.health === 'ok' || row.health === 'degraded' || row.health === 'down' ? row.health : ('unknown' as const),
      })),
      setUp: [
        { key: 'help-contact', done: (organization?.helpContact ?? '') !== '' },
        { key: 'test-provider', done: providers.some((row) => row.lastTestOk === true) },
        {
          key: 'test-verification',
          done: tests.length > 0 || (user !== undefined && user.verifiedAt !== null && !user.isDemonstration),
        },
        { key: 'application', done: applications.length > 1 },
        { key: 'attach-provider', done: [...attached.values()].some((rows) => rows.length > 0) },
        // A specimen document does not verify a person.
        { key: 'verify-person', done: people.some(({ isDemonstration }) => !isDemonstration) },
      ],
      demonstration: rooms.demonstration,
    }
  }),
}
