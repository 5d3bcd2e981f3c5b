/** What the last failed call to a provider means, and what to do about it. Keys are the words that the server keeps. */
export const providerFaults: Readonly<Record<string, string>> = {
  timeout:
    'It did not answer in time. If this stays, look at its status page, and at the network between it and this server.',
  unreachable: 'Nothing answers at its address. Check the address, and whether this server may reach it.',
  address_not_allowed:
    'Its address is not one that this server may call. Allow it in VERIDOOR_OUTBOUND_ALLOW, or correct it.',
  tls: 'Its certificate is not one that this server trusts. Check the address; a proxy in between may be the cause.',
  bad_response:
    'It answered with something that is not its API: a maintenance page, a redirect, or half an answer. Check the address.',
  bad_request: 'It does not take our request. Check workflow, country and document settings.',
  forbidden:
    'It refuses calls from here. Its allow list of addresses, or the company name of the settings, may be wrong.',
  not_found: 'It does not know this check, or this address. Check generation and region.',
  rate_limited: 'It asked for fewer calls. We wait for as long as it said; raise the limit with it if this stays.',
  server_error: 'It has a fault of its own. We try again; checks that are open go on when it is back.',
  credentials_refused: 'It does not accept the token and secret. Enter them again, and run Test connection.',
}
