import { ownProviderMark } from '../ui/own-provider.ts'
import { type FieldSpec, valueText } from './schema-fields.ts'

/** The badge and the one sentence that says what it means. */
export const approvalWords = (isApproved: boolean): { badge: string; meaning: string } =>
  isApproved
    ? {
        badge: 'Approved by the installation',
        meaning: 'An administrator of the installation answers for where its checks go and for its results.',
      }
    : {
        badge: 'Not approved',
        meaning: "Its results are marked as verified by the organization's own provider.",
      }

/**
 * Where checks go, with the titles and labels of the form: `Endpoint: https://api.example.com`. Settings without a value are left out.
 * @param destination `name value` each, as the API tells it
 * @param fields the fields of the provider's type
 */
export const destinationLines = (destination: readonly string[], fields: readonly FieldSpec[]): string[] =>
  destination.flatMap((entry) => {
    const end = entry.indexOf(' ')
    const [name, value] = end === -1 ? [entry, ''] : [entry.slice(0, end), entry.slice(end + 1)]
    if (value === '') return []
    const field = fields.find((one) => one.name === name)
    return [`${field?.title ?? name}: ${field ? valueText(field, value) : value}`]
  })

type Decided = {
  readonly state: string
  readonly isTest: boolean
  readonly trust: 'installation' | 'organization' | null
  readonly person: { readonly organization: string }
}
/** The mark of a verification: tests and other results verify nobody, so that they have none. */
export const verificationMark = ({ state, isTest, trust, person }: Decided): string | null =>
  state === 'verified' && !isTest ? ownProviderMark(trust, person.organization) : null
