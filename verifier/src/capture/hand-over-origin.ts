import { networkInterfaces } from 'node:os'
import type { HandOver } from '@veridoor/contract'
import { isLoopback } from '@veridoor/foundation'
import type { VerifierDeps } from '../deps.ts'

/** The first address of this machine in its local network; undefined where it has none. */
const localNetworkAddress = (): string | undefined =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address

/**
 * The origin that another device opens. Where the verifier's own address is this machine's, as in a trial, other devices can open the
 * machine's address in the local network, but only where the verifier listens there.
 * @param networkAddress replaced in tests
 */
export const handOverOrigin = (
  { url, listens }: Pick<VerifierDeps, 'url' | 'listens'>,
  networkAddress = localNetworkAddress,
): { origin: string; reach: HandOver['reach'] } => {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  if (!isLoopback(host)) return { origin: url, reach: 'anywhere' }
  if (!listens || isLoopback(listens.host)) return { origin: url, reach: 'this_device' }
  const isEverywhere = listens.host === '0.0.0.0' || listens.host === '::'
  const address = isEverywhere ? networkAddress() : listens.host
  if (!address) return { origin: url, reach: 'this_device' }
  return { origin: `http://${address.includes(':') ? `[${address}]` : address}:${listens.port}`, reach: 'network' }
}
