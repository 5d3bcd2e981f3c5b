import type { HttpApp } from '@veridoor/foundation'
import type { FastifyRequest } from 'fastify'
import { type GivenSettings, readClientSettings, type SettingFaults } from '../clients/client-settings.ts'
import { changeClient, createClient, findClient, listClients, rotateSecret } from '../clients/clients.ts'
import type { VerifierDeps } from '../deps.ts'
import type { Client } from '../session/schema.ts'
import { findOwn, findRecent } from '../session/store.ts'
import { sendCallbackAgain } from '../wires/send-callback.ts'
import { clientPage, clientsPage } from './pages.ts'
import { givenOf, settingsForm, textOf } from './settings-form.ts'
import { leaveMessage, type Message, type PortalSession, takeMessage } from './sign-in.ts'
import { goTo, type PortalGuard, show } from './sign-in-page.ts'

const RECENT = 50
type ClientPath = { Params: { token: string; id: string } }

/** API clients: their list, and the page of each. */
export const mountClients = (scope: HttpApp, deps: VerifierDeps, guard: PortalGuard): void => {
  const { db, clock } = deps
  const { formTokenOf, requireSession, requireForm } = guard
  scope.get('', async (request, reply) => {
    const session = await requireSession(request)
    return show(reply, clientsPage(await listClients(db), formTokenOf(session)))
  })
  scope.post('/clients', async (request, reply) => {
    const { session, form } = await requireForm(request)
    const name = form.get('name')?.trim() ?? ''
    const { settings, faults } = readClientSettings({ name }, deps)
    if (name === '' || faults.name) {
      const fault = faults.name ?? 'Give the client a name. People see it during the check.'
      return show(reply, clientsPage(await listClients(db), formTokenOf(session), fault), 422)
    }
    const pair = await createClient(db, deps.cipher, settings, clock.now())
    deps.log.info('portal.client_created', { id: pair.token })
    await leaveMessage(deps, session, { action: 'created', ...pair })
    return goTo(reply, pair)
  })
  mountSettings(scope, deps, guard)
  mountActions(scope, deps, guard)
}

/** The page of a client with its settings, and saving them. */
const mountSettings = (
  scope: HttpApp,
  deps: VerifierDeps,
  { formTokenOf, requireSession, requireForm }: PortalGuard,
): void => {
  const { db } = deps
  const view = async (
    session: PortalSession,
    client: Client,
    given: GivenSettings,
    faults: SettingFaults,
  ): Promise<string> => {
    const formToken = formTokenOf(session)
    const action = `/portal/clients/${encodeURIComponent(client.token)}/settings`
    const message = await takeMessage(deps, session)
    return clientPage({
      client,
      url: deps.url,
      sessions: await findRecent(db, client, RECENT),
      settings: settingsForm({ action, formToken, given, faults }),
      // What was left for another client's page is over.
      message: message && 'token' in message && message.token !== client.token ? null : message,
      hasFaults: Object.keys(faults).length > 0,
      formToken,
    })
  }
  scope.get<ClientPath>('/clients/:token', async (request, reply) => {
    const session = await requireSession(request)
    const client = await findClient(db, request.params.token)
    return client ? show(reply, await view(session, client, textOf(client), {})) : goTo(reply)
  })
  scope.post<ClientPath>('/clients/:token/settings', async (request, reply) => {
    const { session, form } = await requireForm(request)
    const client = await findClient(db, request.params.token)
    if (!client) return goTo(reply)
    const given = givenOf(form)
    const { settings, faults } = readClientSettings(given, deps)
    const wrong: SettingFaults = given.name?.trim() ? faults : { name: 'Give the client a name.', ...faults }
    if (Object.keys(wrong).length > 0) return show(reply, await view(session, client, given, wrong), 422)
    await changeClient(db, client.token, settings)
    deps.log.info('portal.client_changed', { id: client.token, code: 'saved' })
    await leaveMessage(deps, session, { action: 'saved' })
    return goTo(reply, client)
  })
}

/** What is done to a client by one press, and message on its page. */
const mountActions = (scope: HttpApp, deps: VerifierDeps, { requireForm }: PortalGuard): void => {
  const { db, cipher: box, clock } = deps
  const act = (
    path: string,
    run: (client: Client, request: FastifyRequest<ClientPath>) => Promise<Message | null>,
  ): void => {
    scope.post<ClientPath>(`/clients/:token${path}`, async (request, reply) => {
      const { session } = await requireForm(request)
      const client = await findClient(db, request.params.token)
      if (!client) return goTo(reply)
      const message = await run(client, request)
      if (message) {
        deps.log.info('portal.client_changed', { id: client.token, code: message.action })
        await leaveMessage(deps, session, message)
      }
      return goTo(reply, client)
    })
  }
  act('/secret', async ({ token }) => {
    const secret = await rotateSecret(db, box, token)
    return secret ? { action: 'rotated', token, secret } : null
  })
  act('/disable', async ({ token }) => {
    await changeClient(db, token, { disabledAt: clock.now() })
    return { action: 'disabled' }
  })
  act('/enable', async ({ token }) => {
    await changeClient(db, token, { disabledAt: null })
    return { action: 'enabled' }
  })
  act('/sessions/:id/callback', async (client, request) => {
    const found = await findOwn(db, client, request.params.id)
    return { action: found && (await sendCallbackAgain(deps, found)) ? 'queued' : 'not_queued' }
  })
}
