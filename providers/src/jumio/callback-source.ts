import { isCallbackSource } from '@veridoor/jumio'
import { type IncomingWebhook, mediaTypeOf } from '../port.ts'
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

/**
 * Whether a callback is of this media type. Where the sender names none, the body may be examined instead (RFC 9110, 8.3): it is
 * parsed strictly, and only says which check to ask about.
 */
export const isOfMediaType = (callback: IncomingWebhook, expected: string): boolean =>
  ['', expected].includes(mediaTypeOf(callback))
