import { isCallbackSource } from '@veridoor/jumio'
import type { IncomingWebhook } from '../port.ts'
import { type JumioConfig, regionOf } from './config.ts'

/**
 * Whether a callback may be read, by where it comes from (contract section 2.5). The published addresses change and a callback
 * decides nothing, so this is an additional layer that is off by default. While it is on, a callback from an unknown address is
 * refused. That costs time only, since results are polled as well.
 */
export const isFromKnownSource = (config: JumioConfig, callback: IncomingWebhook): boolean => {
  if (!config.checkCallbackSource) return true
  const address = callback.address?.replace(/^::ffff:/i, '')
  if (address === undefined) return false
  return isCallbackSource(config.generation, regionOf(config), address) || config.callbackSources.includes(address)
}
