import { os, requireSignedIn } from './context.ts'

/** For everybody who is signed in. The verification package decides what each caller may do. */
export const verifications = {
  start: os.verifications.start.handler(({ context, input }) => {
    const caller = requireSignedIn(context)
    const target = { organization: input.organization ?? caller.organization, name: input.name ?? caller.name }
    const { headers } = context.request
    return context.rooms.verification.start(caller, target, {
      ...(input.test ? { test: input.test } : {}),
      isBound: context.token !== undefined,
      browser: { userAgent: headers['user-agent'] ?? '', language: headers['accept-language'] ?? '' },
    })
  }),
  list: os.verifications.list.handler(({ context, input }) => {
    const [owner, name] = input.provider?.split('/') ?? []
    const provider = owner && name ? { owner, name } : undefined
    return context.rooms.verification.list(requireSignedIn(context), { ...input, provider })
  }),
  read: os.verifications.read.handler(({ context, input }) =>
    context.rooms.verification.read(requireSignedIn(context), input.id),
  ),
  state: os.verifications.state.handler(({ context, input }) =>
    context.rooms.verification.state(requireSignedIn(context), input.id),
  ),
  embed: os.verifications.embed.handler(({ context, input }) =>
    context.rooms.verification.embed(requireSignedIn(context), input.id),
  ),
  cancel: os.verifications.cancel.handler(({ context, input }) =>
    context.rooms.verification.cancel(requireSignedIn(context), input.id),
  ),
  pictures: os.verifications.pictures.handler(async ({ context, input }) => {
    const pictures = await context.rooms.verification.lookAtPictures(requireSignedIn(context), input.id, input.reason)
    return {
      items: pictures.map(({ side, contentType, bytes }) => ({
        side,
        contentType,
        data: Buffer.from(bytes).toString('base64'),
      })),
    }
  }),
  review: os.verifications.review.handler(({ context, input }) =>
    context.rooms.verification.review(requireSignedIn(context), input.id, input),
  ),
}
