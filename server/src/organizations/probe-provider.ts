import { and, eq } from 'drizzle-orm'
import type { ProviderInput } from './administer-providers.ts'
import { type Actor, auditOrganization, type OrganizationsDeps } from './deps.ts'
import { checkConfig, findProvider, openType, typeOf } from './provider-rows.ts'
import { providers } from './schema.ts'

/** Tests settings, saved or not. Creates no transaction at the provider; keeps only when and how it ended. */
export const probeProvider = async (
  deps: OrganizationsDeps,
  actor: Actor,
  owner: string,
  name: string | undefined,
  input: Omit<ProviderInput, 'displayName'>,
) => {
  const type = typeOf(deps, input.category, input.type)
  const stored = name === undefined ? undefined : await findProvider(deps.db, owner, name)
  const config = checkConfig(deps, type, input.config, stored)
  const result = await openType(deps, type, config).adapter.probe()
  const at = deps.clock.now()
  await deps.db.transaction(async (tx) => {
    if (stored)
      await tx
        .update(providers)
        .set({ lastTestAt: at, lastTestOk: result.ok })
        .where(and(eq(providers.owner, owner), eq(providers.name, stored.name)))
    await deps.audit.append(tx, {
      organization: auditOrganization(owner),
      actor: actor.name,
      action: 'test-provider',
      target: `${owner}/${name ?? '(unsaved)'}`,
      provider: `${owner}/${name ?? '(unsaved)'}`,
      result: result.ok ? 'ok' : 'failed',
      reasons: result.steps.flatMap((step) => (step.code ? [step.code] : [])),
      address: actor.address,
    })
  })
  return { ...result, at }
}
