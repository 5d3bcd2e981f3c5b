import { and, eq } from 'drizzle-orm'
import type { ProviderInput } from './administer-providers.ts'
import { type Actor, auditOrganization, type OrganizationsParts } from './parts.ts'
import { checkConfig, findProvider, openWith, typeOf } from './provider-rows.ts'
import { providers } from './schema.ts'

/** Tests settings, saved or not. Creates no transaction at the provider; keeps only when and how it ended. */
export const probeProvider = async (
  parts: OrganizationsParts,
  actor: Actor,
  owner: string,
  name: string | undefined,
  input: Omit<ProviderInput, 'displayName'>,
) => {
  const type = typeOf(parts, input.category, input.type)
  const stored = name === undefined ? undefined : await findProvider(parts.db, owner, name)
  const config = checkConfig(parts, type, input.config, stored)
  const result = await openWith(parts, type, config).adapter.probe()
  const at = parts.clock.now()
  await parts.db.transaction(async (tx) => {
    if (stored)
      await tx
        .update(providers)
        .set({ lastTestAt: at, lastTestOk: result.ok })
        .where(and(eq(providers.owner, owner), eq(providers.name, stored.name)))
    await parts.audit.append(tx, {
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
