/** What the last failed call to a provider means, and what helps. Keys are the codes that the server stores. */
export const providerFaults: Readonly<Record<string, string>> = {
  timeout:
    'The provider did not answer in time. If it keeps happening, check its status page and the network between it and this server.',
  unreachable: 'The address cannot be reached. Check the address and the firewall of this server.',
  address_not_allowed: 'This server may not call this address. Allow it in VERIDOOR_OUTBOUND_ALLOW, or correct it.',
  tls: 'The certificate is not trusted. Check the address. A proxy in between may be the cause.',
  bad_response:
    'The answer did not come from its API: it was a maintenance page, a redirect, or incomplete. Check the address.',
  bad_request: 'The provider did not accept the request. Check workflow, country and document settings.',
  forbidden:
    'The provider refuses calls from this server. Check its allow list of addresses and the company name in the settings.',
  not_found: 'The provider does not know this check or this address. Check API generation and data centre.',
  rate_limited:
    'The provider limits the number of calls. The server waits as long as it asked. If it keeps happening, ask the provider for a higher limit.',
  server_error: 'The provider has a technical fault. Calls are repeated, and open checks continue when it is back.',
  credentials_refused: 'The provider does not accept the token and secret. Enter them again, then run Test connection.',
}
