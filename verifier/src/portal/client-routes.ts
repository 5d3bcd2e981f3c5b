import type { HttpApp } from '@veridoor/foundation'
import type { FastifyRequest } from 'fastify'
import { type GivenSettings, readClientSettings, type SettingFaults } from '../client-settings.ts'
import { changeClient, createClient, findClient, listClients, rotateSecret } from '../clients.ts'
import type { VerifierParts } from '../parts.ts'
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
export const mountClients = (scope: HttpApp, parts: VerifierParts, door: Door): void => {
  const { db, clock } = parts
  const { formTokenOf, signedIn, sent } = door
  scope.get('', async (request, reply) => {
    const session = await signedIn(request)
    return show(reply, clientsPage(await listClients(db), formTokenOf(session)))
  })
  scope.post('/clients', async (request, reply) => {
    const { session, form } = await sent(request)
    const name = form.get('name')?.trim() ?? ''
    const { settings, faults } = readClientSettings({ name }, parts)
    if (name === '' || faults.name) {
      const fault = faults.name ?? 'Give the client a name. People see it during the check.'
      return show(reply, clientsPage(await listClients(db), formTokenOf(session), fault), 422)
    }
    const pair = await createClient(db, parts.box, settings, clock.now())
    parts.log.info('portal.client_created', { id: pair.token })
    await tell(parts, session, { what: 'created', ...pair })
    return goTo(reply, pair)
  })
  mountSettings(scope, parts, door)
  mountActions(scope, parts, door)
}

/** The page of a client with its settings, and saving them. */
const mountSettings = (scope: HttpApp, parts: VerifierParts, { formTokenOf, signedIn, sent }: Door): void => {
  const { db } = parts
  const view = async (
    session: PortalSession,
    client: Client,
    given: GivenSettings,
    faults: SettingFaults,
  ): Promise<string> => {
    const formToken = formTokenOf(session)
    const action = `/portal/clients/${encodeURIComponent(client.token)}/settings`
    const told = await takeTold(parts, session)
    return clientPage({
      client,
      url: parts.url,
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
    const { settings, faults } = readClientSettings(given, parts)
    const wrong: SettingFaults = given.name?.trim() ? faults : { name: 'Give the client a name.', ...faults }
    if (Object.keys(wrong).length > 0) return show(reply, await view(session, client, given, wrong), 422)
    await changeClient(db, client.token, settings)
    parts.log.info('portal.client_changed', { id: client.token, code: 'saved' })
    await tell(parts, session, { what: 'saved' })
    return goTo(reply, client)
  })
}

/** What is done to a client by one press, and told on its page. */
const mountActions = (scope: HttpApp, parts: VerifierParts, { sent }: Door): void => {
  const { db, box, clock } = parts
  const act = (path: string, run: (client: Client, request: FastifyRequest<At>) => Promise<Told | null>): void => {
    scope.post<At>(`/clients/:token${path}`, async (request, reply) => {
      const { session } = await sent(request)
      const client = await findClient(db, request.params.token)
      if (!client) return goTo(reply)
      const told = await run(client, request)
      if (told) {
        parts.log.info('portal.client_changed', { id: client.token, code: told.what })
        await tell(parts, session, told)
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
    return { what: found && (await sendCallbackAgain(parts, found)) ? 'queued' : 'not_queued' }
  })
}
