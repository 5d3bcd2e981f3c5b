import type { HttpApp } from '@veridoor/foundation'
import type { FastifyRequest } from 'fastify'
import { type GivenSettings, readClientSettings, type SettingFaults } from '../client-settings.ts'
import { changeClient, createClient, findClient, listClients, rotateSecret } from '../clients.ts'
import type { VerifierDeps } from '../deps.ts'
import type { Client } from '../schema.ts'
import { sendCallbackAgain } from '../send-callback.ts'
import { findOwn, findRecent } from '../store.ts'
import { type Door, goTo, show } from './door.ts'
import { clientPage, clientsPage } from './pages.ts'
import { givenOf, settingsForm, textOf } from './settings-form.ts'
import { type PortalSession, type Told, takeTold, tell } from './sign-in.ts'

const RECENT = 50
type At = { Params: { token: string; id: string } }

/** API clients: their list, and the page of each. */
export const mountClients = (scope: HttpApp, deps: VerifierDeps, door: Door): void => {
  const { db, clock } = deps
  const { formTokenOf, signedIn, sent } = door
  scope.get('', async (request, reply) => {
    const session = await signedIn(request)
    return show(reply, clientsPage(await listClients(db), formTokenOf(session)))
  })
  scope.post('/clients', async (request, reply) => {
    const { session, form } = await sent(request)
    const name = form.get('name')?.trim() ?? ''
    const { settings, faults } = readClientSettings({ name }, deps)
    if (name === '' || faults.name) {
      const fault = faults.name ?? 'Give the client a name. People see it during the check.'
      return show(reply, clientsPage(await listClients(db), formTokenOf(session), fault), 422)
    }
    const pair = await createClient(db, deps.cipher, settings, clock.now())
    deps.log.info('portal.client_created', { id: pair.token })
    await tell(deps, session, { what: 'created', ...pair })
    return goTo(reply, pair)
  })
  mountSettings(scope, deps, door)
  mountActions(scope, deps, door)
}

/** The page of a client with its settings, and saving them. */
const mountSettings = (scope: HttpApp, deps: VerifierDeps, { formTokenOf, signedIn, sent }: Door): void => {
  const { db } = deps
  const view = async (
    session: PortalSession,
    client: Client,
    given: GivenSettings,
    faults: SettingFaults,
  ): Promise<string> => {
    const formToken = formTokenOf(session)
    const action = `/portal/clients/${encodeURIComponent(client.token)}/settings`
    const told = await takeTold(deps, session)
    return clientPage({
      client,
      url: deps.url,
      sessions: await findRecent(db, client, RECENT),
      settings: settingsForm({ action, formToken, given, faults }),
      // What was left for another client's page is over.
      told: told && 'token' in told && told.token !== client.token ? null : told,
      hasFaults: Object.keys(faults).length > 0,
      formToken,
    })
  }
  scope.get<At>('/clients/:token', async (request, reply) => {
    const session = await signedIn(request)
    const client = await findClient(db, request.params.token)
    return client ? show(reply, await view(session, client, textOf(client), {})) : goTo(reply)
  })
  scope.post<At>('/clients/:token/settings', async (request, reply) => {
    const { session, form } = await sent(request)
    const client = await findClient(db, request.params.token)
    if (!client) return goTo(reply)
    const given = givenOf(form)
    const { settings, faults } = readClientSettings(given, deps)
    const wrong: SettingFaults = given.name?.trim() ? faults : { name: 'Give the client a name.', ...faults }
    if (Object.keys(wrong).length > 0) return show(reply, await view(session, client, given, wrong), 422)
    await changeClient(db, client.token, settings)
    deps.log.info('portal.client_changed', { id: client.token, code: 'saved' })
    await tell(deps, session, { what: 'saved' })
    return goTo(reply, client)
  })
}

/** What is done to a client by one press, and told on its page. */
const mountActions = (scope: HttpApp, deps: VerifierDeps, { sent }: Door): void => {
  const { db, cipher: box, clock } = deps
  const act = (path: string, run: (client: Client, request: FastifyRequest<At>) => Promise<Told | null>): void => {
    scope.post<At>(`/clients/:token${path}`, async (request, reply) => {
      const { session } = await sent(request)
      const client = await findClient(db, request.params.token)
      if (!client) return goTo(reply)
      const told = await run(client, request)
      if (told) {
        deps.log.info('portal.client_changed', { id: client.token, code: told.what })
        await tell(deps, session, told)
      }
      return goTo(reply, client)
    })
  }
  act('/secret', async ({ token }) => {
    const secret = await rotateSecret(db, box, token)
    return secret ? { what: 'rotated', token, secret } : null
  })
  act('/disable', async ({ token }) => {
    await changeClient(db, token, { disabledAt: clock.now() })
    return { what: 'disabled' }
  })
  act('/enable', async ({ token }) => {
    await changeClient(db, token, { disabledAt: null })
    return { what: 'enabled' }
  })
  act('/sessions/:id/callback', async (client, request) => {
    const found = await findOwn(db, client, request.params.id)
    return { what: found && (await sendCallbackAgain(deps, found)) ? 'queued' : 'not_queued' }
  })
}
