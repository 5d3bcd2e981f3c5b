import type { PollSchedule } from '../port.ts'

/**
 * When Jumio documents that results are fetched (contract section 2.8): ten growing gaps within an hour, then daily. After the link's
 * end Jumio closes the session by itself within 15 minutes.
 */
export const schedule: PollSchedule = {
  afterFinishSec: [40, 60, 100, 160, 240, 340, 460, 600, 760, 940],
  lateDays: 3,
  whileWaitingSec: 120,
  graceSec: 20 * 60,
}
