import {
  addPasskey,
  confirmApp,
  endDevice,
  listDevices,
  listPasskeys,
  newRecoveryCodes,
  removeApp,
  removePasskey,
  renamePasskey,
  secondStepState,
  signOutEverywhere,
  startApp,
  startPasskey,
} from '../accounts/index.ts'
import { os, requireSignedIn } from './context.ts'
import { sessionCookie } from './session.ts'

type Registration = Parameters<typeof addPasskey>[3]

const done = { done: true as const }

/** One's own ways to sign in, and where one is signed in. */
export const security = {
  read: os.security.read.handler(async ({ context }) => ({
    authenticator: await secondStepState(context.rooms.accounts, requireSignedIn(context)),
    passkeys: (await listPasskeys(context.rooms.accounts, requireSignedIn(context))).map((passkey) => ({
      ...passkey,
      createdAt: passkey.createdAt.toISOString(),
      lastUsedAt: passkey.lastUsedAt?.toISOString() ?? null,
    })),
  })),

  startPasskey: os.security.startPasskey.handler(async ({ context, input }) => ({
    ...(await startPasskey(context.rooms.accounts, requireSignedIn(context), input.password)),
  })),

  addPasskey: os.security.addPasskey.handler(async ({ context, input }) => {
    await addPasskey(context.rooms.accounts, requireSignedIn(context), input.name, input.response as Registration)
    return done
  }),

  renamePasskey: os.security.renamePasskey.handler(async ({ context, input }) => {
    await renamePasskey(context.rooms.accounts, requireSignedIn(context), input.id, input.name)
    return done
  }),

  removePasskey: os.security.removePasskey.handler(async ({ context, input }) => {
    await removePasskey(context.rooms.accounts, requireSignedIn(context), input.id)
    return done
  }),

  startApp: os.security.startApp.handler(({ context, input }) =>
    startApp(context.rooms.accounts, requireSignedIn(context), input.password),
  ),

  confirmApp: os.security.confirmApp.handler(async ({ context, input }) => ({
    recoveryCodes: await confirmApp(context.rooms.accounts, requireSignedIn(context), context.token ?? '', input.code),
  })),

  removeApp: os.security.removeApp.handler(async ({ context, input }) => {
    await removeApp(context.rooms.accounts, requireSignedIn(context), input.password)
    return done
  }),

  newRecoveryCodes: os.security.newRecoveryCodes.handler(async ({ context, input }) => ({
    recoveryCodes: await newRecoveryCodes(context.rooms.accounts, requireSignedIn(context), input.password),
  })),

  devices: os.security.devices.handler(async ({ context }) => {
    const items = await listDevices(context.rooms.accounts, requireSignedIn(context), context.token ?? '')
    return {
      items: items.map(({ application: _application, createdAt, lastSeenAt, ...item }) => ({
        ...item,
        createdAt: createdAt.toISOString(),
        lastSeenAt: lastSeenAt.toISOString(),
      })),
    }
  }),

  endDevice: os.security.endDevice.handler(async ({ context, input }) => {
    await endDevice(context.rooms.accounts, requireSignedIn(context), input.id)
    return done
  }),

  signOutEverywhere: os.security.signOutEverywhere.handler(async ({ context }) => {
    await signOutEverywhere(context.rooms.accounts, requireSignedIn(context))
    context.reply.clearCookie(sessionCookie(context.rooms.secureCookies), { path: '/' })
    return done
  }),
}
