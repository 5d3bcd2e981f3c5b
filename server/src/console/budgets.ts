import { ApiError } from '@veridoor/contract'
import { os, requireAdministrator } from './context.ts'

/** For administrators of the installation: budgets are shared by all organizations. */
export const budgets = {
  list: os.budgets.list.handler(async ({ context }) => {
    if (!requireAdministrator(context).isGlobalAdmin) throw new ApiError('FORBIDDEN')
    return {
      items: context.rooms.budgets.list().map((state) => ({
        ...state,
        lastRefusedAt: state.lastRefusedAt?.toISOString() ?? null,
      })),
    }
  }),
}
