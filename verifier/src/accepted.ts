import type { CaptureSession } from '@veridoor/contract'
import type { IdTypes } from '@veridoor/jumio'

/** States whose passports are taken: every one of ISO 3166-1, and the specimens' own in demonstration mode. */
const states =
  'AFG ALB DZA AND AGO ATG ARG ARM AUS AUT AZE BHS BHR BGD BRB BLR BEL BLZ BEN BTN BOL BIH BWA BRA BRN BGR BFA BDI CPV KHM CMR CAN CAF TCD CHL CHN COL COM COG COD CRI CIV HRV CUB CYP CZE DNK DJI DMA DOM ECU EGY SLV GNQ ERI EST SWZ ETH FJI FIN FRA GAB GMB GEO DEU GHA GRC GRD GTM GIN GNB GUY HTI HND HKG HUN ISL IND IDN IRN IRQ IRL ISR ITA JAM JPN JOR KAZ KEN KIR PRK KOR KWT KGZ LAO LVA LBN LSO LBR LBY LIE LTU LUX MAC MDG MWI MYS MDV MLI MLT MHL MRT MUS MEX FSM MDA MCO MNG MNE MAR MOZ MMR NAM NRU NPL NLD NZL NIC NER NGA MKD NOR OMN PAK PLW PSE PAN PNG PRY PER PHL POL PRT QAT ROU RUS RWA KNA LCA VCT WSM SMR STP SAU SEN SRB SYC SLE SGP SVK SVN SLB SOM ZAF SSD ESP LKA SDN SUR SWE CHE SYR TWN TJK TZA THA TLS TGO TON TTO TUN TUR TKM TUV UGA UKR ARE GBR USA URY UZB VUT VAT VEN VNM XKX YEM ZMB ZWE'.split(
    ' ',
  )

const all = (demonstration: boolean): string[] => (demonstration ? ['UTO', ...states] : states)

/** Whose driving licences and their bar codes are read (AAMVA); the specimens' state in demonstration mode. */
const licences = (demonstration: boolean): string[] => (demonstration ? ['UTO', 'USA', 'CAN'] : ['USA', 'CAN'])

/** What the engine reads today; other documents are not offered. */
export const documents = (demonstration: boolean): CaptureSession['documents'] => [
  ...all(demonstration).map((country) => ({ country, type: 'PASSPORT' as const, sides: ['front' as const] })),
  ...licences(demonstration).map((country) => ({
    country,
    type: 'DRIVING_LICENSE' as const,
    sides: ['front' as const, 'back' as const],
  })),
]

/** Which pictures a chosen document needs. */
export const sidesOf = (
  demonstration: boolean,
  choice: { readonly country: string; readonly type: string } | null,
): readonly ('front' | 'back')[] =>
  documents(demonstration).find(({ country, type }) => country === choice?.country && type === choice?.type)?.sides ?? [
    'front',
  ]

export const accepted = (demonstration: boolean): IdTypes[] =>
  all(demonstration).map((countryCode) => ({
    countryName: countryCode,
    countryCode,
    idTypes: documents(demonstration)
      .filter(({ country }) => country === countryCode)
      .map(({ type, sides }) => ({ idType: type, acquisitionConfig: { backSide: sides.includes('back') } })),
  }))

export const supported = accepted
