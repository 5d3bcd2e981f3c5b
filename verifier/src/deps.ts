import type { MetricsAccess } from '@veridoor/foundation'
import type { SessionDeps } from './session/deps.ts'

/** What the verifier's HTTP rooms are given besides what a session needs. */
export type VerifierDeps = SessionDeps & {
  /** Who may read `/metrics`; left out, everybody where the address is on this machine. */
  readonly metrics?: MetricsAccess
  readonly fetch: typeof fetch
  /** The public address of this process. */
  readonly url: string
  /** Where this process listens; what other devices can reach of it decides how a check is handed over. */
  readonly listens?: { readonly host: string; readonly port: number }
  /** Addresses on this machine may be called back and returned to. */
  readonly allowLoopback: boolean
  /** Opens the portal; without one there is no portal. */
  readonly portalSecret?: string | null
  /** Reverse proxies whose `X-Forwarded-For` counts. */
  readonly trustedProxies?: readonly string[]
  /** Folder of the built capture page. */
  readonly pagesFolder: string
}
