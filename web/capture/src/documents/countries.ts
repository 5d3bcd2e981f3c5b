/** ISO 3166-1 alpha-3 to alpha-2, because browsers know the names of countries by the latter only. */
const pairs =
  'AFG:AF ALB:AL DZA:DZ AND:AD AGO:AO ATG:AG ARG:AR ARM:AM AUS:AU AUT:AT AZE:AZ BHS:BS BHR:BH BGD:BD BRB:BB BLR:BY BEL:BE BLZ:BZ BEN:BJ BTN:BT BOL:BO BIH:BA BWA:BW BRA:BR BRN:BN BGR:BG BFA:BF BDI:BI CPV:CV KHM:KH CMR:CM CAN:CA CAF:CF TCD:TD CHL:CL CHN:CN COL:CO COM:KM COG:CG COD:CD CRI:CR CIV:CI HRV:HR CUB:CU CYP:CY CZE:CZ DNK:DK DJI:DJ DMA:DM DOM:DO ECU:EC EGY:EG SLV:SV GNQ:GQ ERI:ER EST:EE SWZ:SZ ETH:ET FJI:FJ FIN:FI FRA:FR GAB:GA GMB:GM GEO:GE DEU:DE GHA:GH GRC:GR GRD:GD GTM:GT GIN:GN GNB:GW GUY:GY HTI:HT HND:HN HKG:HK HUN:HU ISL:IS IND:IN IDN:ID IRN:IR IRQ:IQ IRL:IE ISR:IL ITA:IT JAM:JM JPN:JP JOR:JO KAZ:KZ KEN:KE KIR:KI PRK:KP KOR:KR KWT:KW KGZ:KG LAO:LA LVA:LV LBN:LB LSO:LS LBR:LR LBY:LY LIE:LI LTU:LT LUX:LU MAC:MO MDG:MG MWI:MW MYS:MY MDV:MV MLI:ML MLT:MT MHL:MH MRT:MR MUS:MU MEX:MX FSM:FM MDA:MD MCO:MC MNG:MN MNE:ME MAR:MA MOZ:MZ MMR:MM NAM:NA NRU:NR NPL:NP NLD:NL NZL:NZ NIC:NI NER:NE NGA:NG MKD:MK NOR:NO OMN:OM PAK:PK PLW:PW PSE:PS PAN:PA PNG:PG PRY:PY PER:PE PHL:PH POL:PL PRT:PT QAT:QA ROU:RO RUS:RU RWA:RW KNA:KN LCA:LC VCT:VC WSM:WS SMR:SM STP:ST SAU:SA SEN:SN SRB:RS SYC:SC SLE:SL SGP:SG SVK:SK SVN:SI SLB:SB SOM:SO ZAF:ZA SSD:SS ESP:ES LKA:LK SDN:SD SUR:SR SWE:SE CHE:CH SYR:SY TWN:TW TJK:TJ TZA:TZ THA:TH TLS:TL TGO:TG TON:TO TTO:TT TUN:TN TUR:TR TKM:TM TUV:TV UGA:UG UKR:UA ARE:AE GBR:GB USA:US URY:UY UZB:UZ VUT:VU VAT:VA VEN:VE VNM:VN XKX:XK YEM:YE ZMB:ZM ZWE:ZW'
const twoLetters = new Map(pairs.split(' ').map((pair) => pair.split(':') as [string, string]))

const nameIn = (language: string, two: string): string | null => {
  try {
    return new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }).of(two) ?? null
  } catch {
    return null
  }
}

/** A country's name in a language; its code when nobody knows a name. */
export const countryName = (code: string, language: string): string => {
  const two = twoLetters.get(code)
  return (two && nameIn(language, two)) || code
}

/** Without accents and capitals, so that "cote d ivoire" finds Côte d’Ivoire. */
export const normalizeText = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** What a person may type to find a country: its name here, in English and at home, or its code. */
export const searchTexts = (code: string, language: string): string[] => {
  const two = twoLetters.get(code)
  const home = two ? new Intl.Locale(`und-${two}`).maximize().language : undefined
  const names = two ? [language, 'en', ...(home ? [home] : [])].map((each) => nameIn(each, two)) : []
  return [...new Set([code, ...names].filter((name) => name !== null).map(normalizeText))]
}

/** The country that a browser's own setting names, such as `de-AT`. */
export const countryOfLocale = (locale: string): string | null => {
  const { region } = new Intl.Locale(locale)
  return [...twoLetters].find(([, two]) => two === region)?.[0] ?? null
}
