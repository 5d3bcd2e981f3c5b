import { type CaptureChoice, type CaptureSession, documentKindOf, documentKinds } from '@veridoor/contract'
import type { Client, Session } from './schema.ts'

/** States whose documents are accepted: every one of ISO 3166-1. */
export const issuingStates =
  'AFG ALB DZA AND AGO ATG ARG ARM AUS AUT AZE BHS BHR BGD BRB BLR BEL BLZ BEN BTN BOL BIH BWA BRA BRN BGR BFA BDI CPV KHM CMR CAN CAF TCD CHL CHN COL COM COG COD CRI CIV HRV CUB CYP CZE DNK DJI DMA DOM ECU EGY SLV GNQ ERI EST SWZ ETH FJI FIN FRA GAB GMB GEO DEU GHA GRC GRD GTM GIN GNB GUY HTI HND HKG HUN ISL IND IDN IRN IRQ IRL ISR ITA JAM JPN JOR KAZ KEN KIR PRK KOR KWT KGZ LAO LVA LBN LSO LBR LBY LIE LTU LUX MAC MDG MWI MYS MDV MLI MLT MHL MRT MUS MEX FSM MDA MCO MNG MNE MAR MOZ MMR NAM NRU NPL NLD NZL NIC NER NGA MKD NOR OMN PAK PLW PSE PAN PNG PRY PER PHL POL PRT QAT ROU RUS RWA KNA LCA VCT WSM SMR STP SAU SEN SRB SYC SLE SGP SVK SVN SLB SOM ZAF SSD ESP LKA SDN SUR SWE CHE SYR TWN TJK TZA THA TLS TGO TON TTO TUN TUR TKM TUV UGA UKR ARE GBR USA URY UZB VUT VAT VEN VNM XKX YEM ZMB ZWE'.split(
    ' ',
  )

const all = (demonstration: boolean): string[] => (demonstration ? ['UTO', ...issuingStates] : issuingStates)

/** What the engine reads today; other documents are not offered. */
export const documents = (demonstration: boolean): CaptureSession['documents'] =>
  all(demonstration).flatMap((country) =>
    documentKinds.flatMap(({ id, sides, issuers }) =>
      issuers === null || (issuers as readonly string[]).includes(country)
        ? [{ country, type: id, sides: [...sides] }]
        : [],
    ),
  )

/** What may be offered to a person: what the engine reads and its state issues. */
export const offerable = (demonstration: boolean): CaptureSession['documents'] =>
  documents(demonstration).filter(({ country, type }) => !documentKindOf(type).notIssuedBy.includes(country))

/** Whether a document that was chosen needs a picture of its back, too. */
export const needsBack = (choice: CaptureChoice | null | undefined): boolean =>
  choice ? documentKindOf(choice.type).sides.includes('back') : false

/** Whether two choices are of one kind of one state; nothing chosen is the same as nothing chosen. */
export const isSameDocument = (
  one: CaptureChoice | null | undefined,
  other: CaptureChoice | null | undefined,
): boolean => one?.country === other?.country && one?.type === other?.type

/** Whether a client accepts a document of this kind. The state of specimens is always accepted: other rules refuse specimens. */
export const isAcceptedBy = (
  client: Pick<Client, 'acceptedCountries' | 'acceptedTypes'>,
  { country, type }: { country?: string | null | undefined; type?: string | null | undefined },
): 'yes' | 'country' | 'type' => {
  if (client.acceptedCountries && country && country !== 'UTO' && !client.acceptedCountries.includes(country))
    return 'country'
  if (client.acceptedTypes && type && !client.acceptedTypes.includes(type)) return 'type'
  return 'yes'
}

/** What may be offered and the client takes. */
export const documentsOf = (client: Client, demonstration: boolean): CaptureSession['documents'] =>
  offerable(demonstration).filter((entry) => isAcceptedBy(client, entry) === 'yes')

/** What a person may choose for a check: what is read and taken, or the one document that the caller fixed. */
export const offeredTo = (session: Session, client: Client, demonstration: boolean): CaptureSession['documents'] => {
  const taken = documentsOf(client, demonstration)
  const fixed = session.isPresetFixed ? session.preset : null
  const only = taken.filter(({ country, type }) => country === fixed?.country && type === fixed?.type)
  return only.length > 0 ? only : taken
}
