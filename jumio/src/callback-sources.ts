import type { PlatformRegion } from './platform/hosts.ts'

type Generation = 'v4' | 'platform'

const eu = ['34.253.41.236', '35.157.27.193', '52.48.0.25', '52.57.194.92', '52.58.113.86', '52.209.180.134']
const sgp = ['3.0.109.121', '52.76.184.73', '52.77.102.92']
const usShared = ['34.202.241.227', '34.226.103.119', '34.226.254.127']

/**
 * Addresses that callbacks come from (section 2.5). Jumio changes them: refresh from `callbackHosts` where you have DNS, and take
 * them as one layer, not as proof.
 */
export const callbackSources: Readonly<Record<Generation, Readonly<Record<PlatformRegion, readonly string[]>>>> = {
  v4: { us: [...usShared, '52.52.51.178', '52.53.95.123', '54.67.101.173'], eu, sgp },
  platform: {
    us: [...usShared, '52.8.136.236', '54.177.61.57', '54.183.15.212'],
    eu,
    sgp: [...sgp, '13.238.100.17', '13.238.203.238', '52.64.132.26'],
  },
}

/** Names whose addresses are the present set. */
export const callbackHosts: Readonly<Record<Generation, Readonly<Record<PlatformRegion, string>>>> = {
  v4: { us: 'callback.jumio.com', eu: 'callback.lon.jumio.com', sgp: 'callback.core-sgp.jumio.com' },
  platform: {
    us: 'callback.amer-1.jumio.ai',
    eu: 'callback.emea-1.jumio.ai',
    sgp: 'callback.apac-1.jumio.ai',
  },
}

/** @param address the peer's, read behind trusted proxies only; an IPv4 address inside IPv6 counts as itself */
export const isCallbackSource = (generation: Generation, region: PlatformRegion, address: string): boolean =>
  callbackSources[generation][region].includes(address.replace(/^::ffff:/i, ''))
