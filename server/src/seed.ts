import { randomUUID } from 'node:crypto'
import { documentTypesAcceptedByDefault } from '@veridoor/contract'
import { type Clock, type Database, type EnvelopeCipher, newToken } from '@veridoor/foundation'
import { eq, sql } from 'drizzle-orm'
import { type AccountsDeps, seedAdmin } from './accounts/index.ts'
import {
  createProvider,
  findProvider,
  type OrganizationsDeps,
  providerSecretAad,
  updateProvider,
} from './organizations/index.ts'
import { applicationProviders, applications, organizations } from './organizations/schema.ts'

const LOCAL = { owner: 'admin', name: 'provider_idv_local' } as const
const system = { name: 'system', address: '', isInstallation: true }

type SeedParts = {
  db: Database
  cipher: EnvelopeCipher
  clock: Clock
  rooms: { accounts: AccountsDeps; organizations: OrganizationsDeps }
  adminPassword: string | undefined
  verifier: { url: string; token: string; secret: string; livenessRequired: boolean } | undefined
}

const seedOrganization = async ({ db, cipher, clock }: SeedParts): Promise<void> => {
  const createdAt = clock.now()
  await db
    .insert(organizations)
    .values({ name: 'built-in', displayName: 'Built-in organization', createdAt })
    .onConflictDoNothing()
  await db
    .insert(applications)
    .values({
      name: 'app-built-in',
      organization: 'built-in',
      displayName: 'Veridoor',
      clientId: randomUUID().replaceAll('-', '').slice(0, 20),
      clientSecret: cipher.encrypt(newToken(), 'application:app-built-in:clientSecret'),
      // Administrators of this organization are those of the whole installation.
      enableSignUp: false,
      createdAt,
    })
    .onConflictDoNothing()
}

/** The local verifier as a provider: made at the first start, its address and keys kept in step afterwards. */
const seedVerifier = async ({ db, cipher, rooms, verifier }: SeedParts): Promise<void> => {
  if (!verifier) return
  const category = 'ID Verification'
  const type = rooms.organizations.types.find((entry) => entry.category === category)
  if (!type) return
  const connection = { endpoint: verifier.url, clientId: verifier.token, clientSecret: verifier.secret }
  const stored = await findProvider(rooms.organizations.db, LOCAL.owner, LOCAL.name)
  if (!stored) {
    await createProvider(rooms.organizations, system, LOCAL.owner, LOCAL.name, {
      displayName: 'Local verifier',
      category,
      type: type.type,
      // All that the local engine reads; what it cannot tell for sure goes to a person.
      // Where its movement check is off or may be skipped, the provider says openly that nobody has to be proven alive.
      config: {
        ...connection,
        workflowId: 200,
        documentTypes: [...documentTypesAcceptedByDefault],
        livenessRequired: verifier.livenessRequired,
      },
    })
    await db
      .insert(applicationProviders)
      .values({ application: 'app-built-in', position: 0, providerOwner: LOCAL.owner, providerName: LOCAL.name })
      .onConflictDoNothing()
    return
  }
  const encrypted = stored.secrets.clientSecret
  const inStep =
    stored.config.endpoint === verifier.url &&
    stored.config.clientId === verifier.token &&
    encrypted !== undefined &&
    cipher.decrypt(encrypted, providerSecretAad(LOCAL.owner, LOCAL.name, 'clientSecret')) === verifier.secret
  if (!inStep)
    await updateProvider(rooms.organizations, system, LOCAL.owner, LOCAL.name, {
      displayName: stored.displayName,
      category: stored.category,
      type: stored.type,
      config: { ...stored.config, ...connection },
    })
}

/** A value encrypted at the first start. A key that cannot decrypt it belongs to another database, and the server says so. */
const checkKey = async ({ db, cipher }: SeedParts): Promise<void> => {
  const [row] = await db
    .select({ secret: applications.clientSecret })
    .from(applications)
    .where(eq(applications.name, 'app-built-in'))
  if (!row?.secret) return
  cipher.decrypt(row.secret, 'application:app-built-in:clientSecret')
}

/**
 * What an empty database needs: organization, application, administrator, local verifier. Safe to repeat at each start, and
 * for several nodes that start at once: the second waits, and finds everything there.
 */
export const seed = (deps: SeedParts): Promise<void> =>
  deps.db.transaction(async (lock) => {
    await lock.execute(sql`select pg_advisory_xact_lock(hashtextextended('veridoor:seed', 0))`)
    await seedOrganization(deps)
    await checkKey(deps)
    await seedVerifier(deps)
    if (deps.adminPassword) await seedAdmin(deps.rooms.accounts, deps.adminPassword)
  })
