export {
  type PlatformCallback,
  type PlatformRedirect,
  readPlatformCallback,
  readPlatformRedirect,
} from './callback.ts'
export * from './capabilities.ts'
export {
  checkAccount,
  createPlatformClient,
  type Execution,
  type PartClassifier,
  type PlatformClient,
  type PlatformOptions,
  type Upload,
} from './client.ts'
export * from './details.ts'
export { hostsOfBase, hostsOfRegion, type PlatformHosts, type PlatformRegion, platformRegions } from './hosts.ts'
export { outcomeOfStatus, outcomePlatform, sentAnything } from './outcome.ts'
export * from './schemas.ts'
export { createTokenCache, type TokenCache } from './tokens.ts'
export { platformWorkflows, type Required, requiredOf } from './workflows.ts'
