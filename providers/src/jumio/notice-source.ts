import { isCallbackSource } from '@veridoor/jumio'
import type { Notice } from '../port.ts'
import { type JumioConfig, regionOf } from './config.ts'

/**
 * Whether a notice may be read, by where it comes from (contract section 2.5). The published addresses change and a notice is only a
 * doorbell, so the check is one more layer for those who want it: off by default, and a notice whose address nobody knows is
 * refused while it is on. A refused one costs time only, since results are polled as well.
 */
export const isFromKnownSource = (config: JumioConfig, notice: Notice): boolean => {
  if (!config.checkCallbackSource) return true
  const address = notice.address?.replace(/^::ffff:/i, '')
  if (address === undefined) return false
  return isCallbackSource(config.generation, regionOf(config), address) || config.callbackSources.includes(address)
}
