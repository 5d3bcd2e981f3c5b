import {
  addApplication,
  deleteApplication,
  getApplication,
  getApplications,
  getUserApplication,
  updateApplication,
} from './applications.ts'
import type { ApplicationAccess, CallDefinition } from './call.ts'
import { addUser, deleteUser, updateUser } from './change-user.ts'
import { USER_PARAMETERS } from './find-user.ts'
import {
  addOrganization,
  deleteOrganization,
  getOrganization,
  getOrganizations,
  updateOrganization,
} from './organizations.ts'
import { LIST_PARAMETERS } from './parameters.ts'
import { setPassword } from './passwords.ts'
import {
  addProvider,
  deleteProvider,
  getGlobalProviders,
  getProvider,
  getProviders,
  updateProvider,
} from './providers.ts'
import { addRecord, getCertificate, getCertificates, getRecords } from './records.ts'
import { getAccount, getSortedUsers, getUser, getUserCount, getUsers } from './users.ts'
import { verifyIdentification } from './verify.ts'

const call = (
  handle: CallDefinition['handle'],
  application: ApplicationAccess,
  parameters: readonly string[] = [],
): CallDefinition => ({ handle, application, parameters })

/** Writes name their object by `id`, by the body, or by both. */
const WRITE_PARAMETERS = ['id', 'owner', 'name'] as const
const UPDATE_PARAMETERS = [...WRITE_PARAMETERS, 'columns'] as const

/** Every call that answers with an envelope: how, with which parameters, and what an application's own credentials need for it. */
export const calls: Readonly<Record<'GET' | 'POST', Readonly<Record<string, CallDefinition>>>> = {
  GET: {
    'get-account': call(getAccount, 'always'),
    'get-user': call(getUser, 'users:read', USER_PARAMETERS),
    'get-users': call(getUsers, 'users:read', LIST_PARAMETERS),
    'get-global-users': call(getUsers, 'users:read', LIST_PARAMETERS),
    'get-sorted-users': call(getSortedUsers, 'users:read', [...LIST_PARAMETERS, 'sorter', 'limit']),
    'get-user-count': call(getUserCount, 'users:read', ['owner', 'isOnline']),
    'get-providers': call(getProviders, 'settings:read', [...LIST_PARAMETERS, 'withSecret']),
    'get-global-providers': call(getGlobalProviders, 'settings:read', [...LIST_PARAMETERS, 'withSecret']),
    'get-provider': call(getProvider, 'settings:read', ['id', 'withSecret']),
    'get-applications': call(getApplications, 'settings:read', [...LIST_PARAMETERS, 'organization']),
    'get-organization-applications': call(getApplications, 'settings:read', [...LIST_PARAMETERS, 'organization']),
    'get-application': call(getApplication, 'always', ['id', 'withKey']),
    'get-user-application': call(getUserApplication, 'users:read', ['id']),
    'get-organizations': call(getOrganizations, 'settings:read', LIST_PARAMETERS),
    'get-organization': call(getOrganization, 'settings:read', ['id']),
    'get-records': call(getRecords, 'audit:read', [...LIST_PARAMETERS, 'organizationName']),
    'get-certs': call(getCertificates, 'always', LIST_PARAMETERS),
    'get-cert': call(getCertificate, 'always', ['id']),
  },
  POST: {
    // Starting a check needs `verifications:write`, which is asked where one is started.
    'verify-identification': call(verifyIdentification, 'verifications:read', ['id', 'owner', 'name', 'provider']),
    'update-user': call(updateUser, 'users:write', [...USER_PARAMETERS, 'columns']),
    'add-user': call(addUser, 'users:write', WRITE_PARAMETERS),
    'delete-user': call(deleteUser, 'users:write', WRITE_PARAMETERS),
    'set-password': call(setPassword, 'users:write'),
    'add-provider': call(addProvider, 'never', WRITE_PARAMETERS),
    'update-provider': call(updateProvider, 'never', UPDATE_PARAMETERS),
    'delete-provider': call(deleteProvider, 'never', WRITE_PARAMETERS),
    'add-application': call(addApplication, 'never', WRITE_PARAMETERS),
    'update-application': call(updateApplication, 'never', UPDATE_PARAMETERS),
    'delete-application': call(deleteApplication, 'never', WRITE_PARAMETERS),
    'add-organization': call(addOrganization, 'never', WRITE_PARAMETERS),
    'update-organization': call(updateOrganization, 'never', UPDATE_PARAMETERS),
    'delete-organization': call(deleteOrganization, 'never', WRITE_PARAMETERS),
    'add-record': call(addRecord, 'never', WRITE_PARAMETERS),
  },
}
