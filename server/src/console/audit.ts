import { administrator, os, scopeOf } from './context.ts'

/**
 * For administrators. Where one of the installation names no organization, `list` shows the chain of `built-in`, and `verify`
 * looks at all.
 */
export const audit = {
  list: os.audit.list.handler(async ({ context, input }) => {
    const organization = scopeOf(administrator(context), input.organization) ?? 'built-in'
    const beforeNumber = input.cursor === undefined ? undefined : Number(input.cursor) || 0
    const { lines, total } = await context.rooms.audit.list({
      organization,
      action: input.action,
      target: input.target,
      beforeNumber,
      limit: input.limit,
    })
    const last = lines.length === input.limit ? lines.at(-1) : undefined
    return {
      items: lines.map(({ previousHash: _previous, hash: _hash, ...line }) => ({ ...line, at: line.at.toISOString() })),
      nextCursor: last ? String(last.number) : null,
      total,
    }
  }),

  verify: os.audit.verify.handler(async ({ context, input }) => {
    const state = await context.rooms.audit.verify(scopeOf(administrator(context), input.organization))
    return { ok: state.ok, lines: state.lines, firstBadLine: state.firstBadLine, checkedAt: new Date().toISOString() }
  }),
}
