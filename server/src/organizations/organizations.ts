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
import type { Actor, OrganizationsParts } from './deps.ts'
import { acquireQuota, announceQuota, recordFault, recordSuccess, releaseQuota, tryAcquire, usedIn } from './health.ts'
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
export const createOrganizations = (deps: OrganizationsParts) => {
  const { db, clock } = deps
  return {
    types: deps.types,

    findOrganization: (name: string) => findOrganization(db, name),
    listOrganizations: (name?: string) => listOrganizations(db, name),
    createOrganization: (actor: Actor, input: OrganizationInput & { name: string }) =>
      createOrganization(deps, actor, input),
    updateOrganization: (actor: Actor, name: string, input: OrganizationInput, version?: number) =>
      updateOrganization(deps, actor, name, input, version),
    removeOrganization: (actor: Actor, name: string) => removeOrganization(deps, actor, name),

    findApplication: (name: string) => findApplication(db, name),
    findApplicationByClientId: (clientId: string) => findApplicationByClientId(db, clientId),
    /** In clear: protocols compare it. Never in an answer. */
    clientSecretOf: (row: { name: string; clientSecret: string }) =>
      row.clientSecret === '' ? '' : deps.cipher.decrypt(row.clientSecret, clientSecretRow(row.name)),
    resetClientSecret: (actor: Actor, organization: string, name: string) =>
      resetClientSecret(deps, actor, organization, name),
    listApplications: (organization?: string) => listApplications(db, organization),
    applicationOf: (organization: string, named: string) => applicationOf(db, organization, named),
    providerRowsOf: (application: string) => providerRowsOf(db, application),
    createApplication: (
      actor: Actor,
      organization: string,
      name: string,
      input: ApplicationInput & { readonly credentials?: Credentials },
    ) => createApplication(deps, actor, organization, name, input),
    updateApplication: (actor: Actor, organization: string, name: string, input: ApplicationInput, version?: number) =>
      updateApplication(deps, actor, organization, name, input, version),
    removeApplication: (actor: Actor, organization: string, name: string) =>
      removeApplication(deps, actor, organization, name),

    listApiKeys: (application: string) => listApiKeys(deps, application),
    createApiKey: (
      actor: Actor,
      organization: string,
      application: string,
      input: { name: string; scopes: string[] },
    ) => createApiKey(deps, actor, organization, application, input),
    revokeApiKey: (actor: Actor, organization: string, application: string, id: string) =>
      revokeApiKey(deps, actor, organization, application, id),
    holderOf: (key: string) => holderOf(deps, key),

    findProvider: (owner: string, name: string) => findProvider(db, owner, name),
    listProviders: (owners?: readonly string[]) => listProviders(db, owners),
    usedBy: (owner: string, name: string) => usedBy(db, owner, name),
    maskedConfig: (row: ProviderRow) => maskedConfig(deps, row),
    createProvider: (actor: Actor, owner: string, name: string, input: ProviderInput) =>
      createProvider(deps, actor, owner, name, input),
    updateProvider: (actor: Actor, owner: string, name: string, input: ProviderInput, version?: number) =>
      updateProvider(deps, actor, owner, name, input, version),
    removeProvider: (actor: Actor, owner: string, name: string) => removeProvider(deps, actor, owner, name),
    probe: (actor: Actor, owner: string, name: string | undefined, input: Omit<ProviderInput, 'displayName'>) =>
      probeProvider(deps, actor, owner, name, input),
    openProvider: createOpener(deps),

    tryAcquire: (owner: string, name: string) => tryAcquire(db, owner, name, clock.now()),
    /** Counts a call; the one that reaches 80 % of the limit is announced with it. */
    acquireQuota: (owner: string, name: string, limit: number | null) =>
      db.transaction(async (tx) => {
        const quota = await acquireQuota(tx, owner, name, limit, clock.now())
        if (quota.warned) await announceQuota(deps, tx, owner, name)
        return quota
      }),
    releaseQuota: (owner: string, name: string) => releaseQuota(db, owner, name, clock.now()),
    usedThisMonth: (owner: string, name: string) => usedIn(db, owner, name, clock.now()),
    recordSuccess: (owner: string, name: string) => recordSuccess(db, owner, name, clock.now()),
    recordFault: (owner: string, name: string, fault: { detail: string; retryAfterMs: number | null }) =>
      recordFault(deps, owner, name, fault),
  }
}
