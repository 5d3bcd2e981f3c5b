/** Where each role of the Platform answers (section 2.1). Keys, tokens and references of one region are unknown to the others. */
export type PlatformHosts = {
  readonly auth: string
  readonly account: string
  readonly api: string
  readonly retrieval: string
  readonly status: string
}

/** Data centres of the Platform (section 2.1), by the names that the web SDK has for them. */
export const platformRegions = ['us', 'eu', 'sgp'] as const
export type PlatformRegion = (typeof platformRegions)[number]

const names: Record<PlatformRegion, string> = { us: 'amer-1', eu: 'emea-1', sgp: 'apac-1' }

/** The separate hosts of one of Jumio's regions. */
export const hostsOfRegion = (region: PlatformRegion): PlatformHosts => {
  const hostOf = (role: string): string => `https://${role}.${names[region]}.jumio.ai`
  return {
    auth: hostOf('auth'),
    account: hostOf('account'),
    api: hostOf('api'),
    retrieval: hostOf('retrieval'),
    status: hostOf('status'),
  }
}

/**
 * The hosts behind a base address: any one of Jumio's own gives its whole region, every other address plays all roles itself.
 * @example hostsOfBase('https://account.emea-1.jumio.ai').retrieval // 'https://retrieval.emea-1.jumio.ai'
 */
export const hostsOfBase = (baseUrl: string): PlatformHosts => {
  const base = baseUrl.replace(/\/+$/, '')
  const name = URL.canParse(base) ? /\.(\w+-1)\.jumio\.ai$/.exec(new URL(base).hostname)?.[1] : undefined
  const region = platformRegions.find((candidate) => names[candidate] === name)
  return region ? hostsOfRegion(region) : { auth: base, account: base, api: base, retrieval: base, status: base }
}
