import type { CaptureSession } from '@veridoor/contract'
import type { IdTypes } from '@veridoor/jumio'
import { documents, documentsOf } from '../../session/accepted.ts'
import type { Client } from '../../session/schema.ts'
import { countryName } from './country-names.ts'

const listed = (entries: CaptureSession['documents']): IdTypes[] =>
  [...new Set(entries.map(({ country }) => country))].map((countryCode) => ({
    countryName: countryName(countryCode),
    countryCode,
    idTypes: entries
      .filter(({ country }) => country === countryCode)
      .map(({ type, sides }) => ({ idType: type, acquisitionConfig: { backSide: sides.includes('back') } })),
  }))

/** `acceptedIdTypes`: the documents that this client accepts (wire contract, 3.13). */
export const accepted = (client: Client, demonstration: boolean): IdTypes[] =>
  listed(documentsOf(client, demonstration))

/** `supportedIdTypes`: the documents that the engine reads. */
export const supported = (_client: Client, demonstration: boolean): IdTypes[] => listed(documents(demonstration))
