import { findUserById } from '../accounts/index.ts'
import { findOrganization, listApplications, listProviders, providerRowsOf } from '../organizations/index.ts'
import { administrator, os } from './context.ts'

/** The dashboard: counts that open lists, health, and the set-up steps, which tick themselves. */
export const overview = {
  read: os.overview.read.handler(async ({ context }) => {
    const caller = administrator(context)
    const { rooms } = context
    const { counts, oldestReviewAt } = await rooms.verification.overview(caller)
    const providers = await listProviders(
      rooms.organizations.db,
      caller.isGlobalAdmin ? undefined : [caller.organization, 'admin'],
    )
    const applications = await listApplications(
      rooms.organizations.db,
      caller.isGlobalAdmin ? undefined : caller.organization,
    )
    const organization = await findOrganization(rooms.organizations.db, caller.organization)
    const user = await findUserById(rooms.accounts, caller.userId)
    const tests = await rooms.verification.list(caller, { organization: caller.organization, limit: 200 })
    const attached = await Promise.all(
      applications.map((application) => providerRowsOf(rooms.organizations.db, application.name)),
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
          done: tests.items.some((row) => row.isTest && row.state === 'verified') || user?.verifiedAt !== null,
        },
        { key: 'application', done: applications.length > 1 },
        { key: 'attach-provider', done: attached.some((rows) => rows.length > 0) },
        { key: 'verify-person', done: (counts.verified ?? 0) > 0 },
      ],
      demonstration: rooms.demonstration,
    }
  }),
}
