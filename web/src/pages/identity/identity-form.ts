import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { isDocumentType } from '../../../../contract/src/documents/index.ts'
import { api, queries } from '../../api.ts'
import type { Account } from './details.tsx'

/** What is typed; a number that is saved and was not opened for a change is null: the page does not know it. */
export type IdentityDraft = {
  documentType: string
  documentCountry: string
  documentNumber: string | null
  realName: string
}

const draftOf = ({ identity }: Account): IdentityDraft => ({
  documentType: identity.documentType,
  documentCountry: identity.documentCountry,
  documentNumber: identity.documentNumberMasked ? null : '',
  realName: identity.realName,
})

/** The details that a check compares with the document. @param onSaved after the server has taken them */
export const useIdentityForm = (account: Account, onSaved: () => void) => {
  const [draft, setDraft] = useState(() => draftOf(account))
  const save = useMutation(
    api.account.saveIdentity.mutationOptions({
      onSuccess: (saved) => {
        queries.setQueryData(api.account.read.queryKey(), saved)
        setDraft(draftOf(saved))
        notifications.show({ message: 'Saved' })
        onSaved()
      },
    }),
  )
  const { identity } = account
  const isChanged =
    draft.documentType !== identity.documentType ||
    draft.documentCountry !== identity.documentCountry ||
    draft.realName !== identity.realName ||
    (draft.documentNumber !== null && draft.documentNumber !== '')
  const submit = (): void =>
    save.mutate({
      documentType: isDocumentType(draft.documentType) ? draft.documentType : '',
      documentCountry: draft.documentCountry,
      realName: draft.realName,
      ...(draft.documentNumber === null ? {} : { documentNumber: draft.documentNumber }),
    })
  return {
    draft,
    updateDraft: (part: Partial<IdentityDraft>) => setDraft({ ...draft, ...part }),
    save,
    isChanged,
    submit,
  }
}

/** Documents have numbers of letters and digits; spaces, hyphens, dots and slashes are how people write them. */
export const looksLikeNumber = (text: string): boolean =>
  text.trim() === '' || (/^[\p{L}\p{N}\s\-./]+$/u.test(text) && (text.match(/[\p{L}\p{N}]/gu) ?? []).length >= 4)
