import type { Accounts } from '../accounts/index.ts'
import { os, signedIn } from './context.ts'
import { COOKIE } from './session.ts'

type Registration = Parameters<Accounts['addPasskey']>[2]

const done = { done: true as const }

/** One's own ways to sign in, and where one is signed in. */
export const security = {
  read: os.security.read.handler(async ({ context }) => ({
    authenticator: await context.rooms.accounts.secondStep(signedIn(context)),
    passkeys: (await context.rooms.accounts.listPasskeys(signedIn(context))).map((passkey) => ({
      ...passkey,
      createdAt: passkey.createdAt.toISOString(),
      lastUsedAt: passkey.lastUsedAt?.toISOString() ?? null,
    })),
  })),

  startPasskey: os.security.startPasskey.handler(async ({ context, input }) => ({
    ...(await context.rooms.accounts.startPasskey(signedIn(context), input.password)),
  })),

  addPasskey: os.security.addPasskey.handler(async ({ context, input }) => {
    await context.rooms.accounts.addPasskey(signedIn(context), input.name, input.response as Registration)
    return done
  }),

  renamePasskey: os.security.renamePasskey.handler(async ({ context, input }) => {
    await context.rooms.accounts.renamePasskey(signedIn(context), input.id, input.name)
    return done
  }),

  removePasskey: os.security.removePasskey.handler(async ({ context, input }) => {
    await context.rooms.accounts.removePasskey(signedIn(context), input.id)
    return done
  }),

  startApp: os.security.startApp.handler(({ context, input }) =>
    context.rooms.accounts.startApp(signedIn(context), input.password),
  ),

  confirmApp: os.security.confirmApp.handler(async ({ context, input }) => ({
    recoveryCodes: await context.rooms.accounts.confirmApp(signedIn(context), context.token ?? '', input.code),
  })),

  removeApp: os.security.removeApp.handler(async ({ context, input }) => {
    await context.rooms.accounts.removeApp(signedIn(context), input.password)
    return done
  }),

  newRecoveryCodes: os.security.newRecoveryCodes.handler(async ({ context, input }) => ({
    recoveryCodes: await context.rooms.accounts.newRecoveryCodes(signedIn(context), input.password),
  })),

  devices: os.security.devices.handler(async ({ context }) => {
    const items = await context.rooms.accounts.listDevices(signedIn(context), context.token ?? '')
    return {
      items: items.map(({ application: _application, createdAt, lastSeenAt, ...item }) => ({
        ...item,
        createdAt: createdAt.toISOString(),
        lastSeenAt: lastSeenAt.toISOString(),
      })),
    }
  }),

  endDevice: os.security.endDevice.handler(async ({ context, input }) => {
    await context.rooms.accounts.endDevice(signedIn(context), input.id)
    return done
  }),

  signOutEverywhere: os.security.signOutEverywhere.handler(async ({ context }) => {
    await context.rooms.accounts.signOutEverywhere(signedIn(context))
    context.reply.clearCookie(COOKIE, { path: '/' })
    return done
  }),
}
