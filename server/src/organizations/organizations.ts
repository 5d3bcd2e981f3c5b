import {
  type ApplicationInput,
  type Credentials,
  clientSecretRow,
  createApplication,
  removeApplication,
  resetClientSecret,
  updateApplication,
} from './administer-applications.ts'
import {
  createOrganization,
  type OrganizationInput,
  removeOrganization,
  updateOrganization,
} from './administer-organizations.ts'
import { createProvider, type ProviderInput, removeProvider, updateProvider } from './administer-providers.ts'
import { createApiKey, holderOf, listApiKeys, revokeApiKey } from './api-keys.ts'
import { announceQuota, recordFault, recordSuccess, returnQuota, takeQuota, takeTurn, usedIn } from './health.ts'
import type { Actor, OrganizationsParts } from './parts.ts'
import { probeProvider } from './probe-provider.ts'
import { createOpener, findProvider, maskedConfig, type ProviderRow } from './provider-rows.ts'
import {
  applicationOf,
  findApplication,
  findApplicationByClientId,
  findOrganization,
  listApplications,
  listOrganizations,
  listProviders,
  providerRowsOf,
  usedBy,
} from './store.ts'

export type Organizations = ReturnType<typeof createOrganizations>

/** Tenants, their applications and providers, and which provider each application may use. */
export const createOrganizations = (parts: OrganizationsParts) => {
  const { db, clock } = parts
  return {
    types: parts.types,

    findOrganization: (name: string) => findOrganization(db, name),
    listOrganizations: (name?: string) => listOrganizations(db, name),
    createOrganization: (actor: Actor, input: OrganizationInput & { name: string }) =>
      createOrganization(parts, actor, input),
    updateOrganization: (actor: Actor, name: string, input: OrganizationInput, version?: number) =>
      updateOrganization(parts, actor, name, input, version),
    removeOrganization: (actor: Actor, name: string) => removeOrganization(parts, actor, name),

    findApplication: (name: string) => findApplication(db, name),
    findApplicationByClientId: (clientId: string) => findApplicationByClientId(db, clientId),
    /** In clear: protocols compare it. Never in an answer. */
    clientSecretOf: (row: { name: string; clientSecret: string }) =>
      row.clientSecret === '' ? '' : parts.box.open(row.clientSecret, clientSecretRow(row.name)),
    resetClientSecret: (actor: Actor, organization: string, name: string) =>
      resetClientSecret(parts, actor, organization, name),
    listApplications: (organization?: string) => listApplications(db, organization),
    applicationOf: (organization: string, named: string) => applicationOf(db, organization, named),
    providerRowsOf: (application: string) => providerRowsOf(db, application),
    createApplication: (
      actor: Actor,
      organization: string,
      name: string,
      input: ApplicationInput & { readonly credentials?: Credentials },
    ) => createApplication(parts, actor, organization, name, input),
    updateApplication: (actor: Actor, organization: string, name: string, input: ApplicationInput, version?: number) =>
      updateApplication(parts, actor, organization, name, input, version),
    removeApplication: (actor: Actor, organization: string, name: string) =>
      removeApplication(parts, actor, organization, name),

    listApiKeys: (application: string) => listApiKeys(parts, application),
    createApiKey: (
      actor: Actor,
      organization: string,
      application: string,
      input: { name: string; scopes: string[] },
    ) => createApiKey(parts, actor, organization, application, input),
    revokeApiKey: (actor: Actor, organization: string, application: string, id: string) =>
      revokeApiKey(parts, actor, organization, application, id),
    holderOf: (key: string) => holderOf(parts, key),

    findProvider: (owner: string, name: string) => findProvider(db, owner, name),
    listProviders: (owners?: readonly string[]) => listProviders(db, owners),
    usedBy: (owner: string, name: string) => usedBy(db, owner, name),
    maskedConfig: (row: ProviderRow) => maskedConfig(parts, row),
    createProvider: (actor: Actor, owner: string, name: string, input: ProviderInput) =>
      createProvider(parts, actor, owner, name, input),
    updateProvider: (actor: Actor, owner: string, name: string, input: ProviderInput, version?: number) =>
      updateProvider(parts, actor, owner, name, input, version),
    removeProvider: (actor: Actor, owner: string, name: string) => removeProvider(parts, actor, owner, name),
    probe: (actor: Actor, owner: string, name: string | undefined, input: Omit<ProviderInput, 'displayName'>) =>
      probeProvider(parts, actor, owner, name, input),
    openProvider: createOpener(parts),

    takeTurn: (owner: string, name: string) => takeTurn(db, owner, name, clock.now()),
    /** Counts a call; the one that reaches 80 % of the limit is announced with it. */
    takeQuota: (owner: string, name: string, limit: number | null) =>
      db.transaction(async (tx) => {
        const quota = await takeQuota(tx, owner, name, limit, clock.now())
        if (quota.warned) await announceQuota(parts, tx, owner, name)
        return quota
      }),
    returnQuota: (owner: string, name: string) => returnQuota(db, owner, name, clock.now()),
    usedThisMonth: (owner: string, name: string) => usedIn(db, owner, name, clock.now()),
    recordSuccess: (owner: string, name: string) => recordSuccess(db, owner, name, clock.now()),
    recordFault: (owner: string, name: string, fault: { detail: string; retryAfterMs: number | null }) =>
      recordFault(parts, owner, name, fault),
  }
}
