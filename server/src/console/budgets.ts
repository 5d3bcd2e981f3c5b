import { ApiError } from '@veridoor/contract'
import { administrator, os } from './context.ts'

/** For administrators of the installation: budgets are shared by all organizations. */
export const budgets = {
  list: os.budgets.list.handler(async ({ context }) => {
    if (!administrator(context).isGlobalAdmin) throw new ApiError('FORBIDDEN')
    return {
      items: context.rooms.budgets.list().map((state) => ({
        ...state,
        lastRefusedAt: state.lastRefusedAt?.toISOString() ?? null,
      })),
    }
  }),
}
