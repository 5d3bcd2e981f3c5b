import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { api, type client } from '../api.ts'
import { ErrorNotice } from '../ui/parts.tsx'
import { SignInFrame } from './sign-in-frame.tsx'

export type SignInPageView = Awaited<ReturnType<typeof client.session.page>>

/** The sign-in page of an application: its organization and the methods that it offers. Left out: the built-in application. */
export const useSignInPage = (application: string | undefined) =>
  useQuery(api.session.page.queryOptions({ input: application ? { application } : {} }))

const search = (values: Record<string, string | undefined>): string => {
  const text = new URLSearchParams(
    Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])),
  ).toString()
  return text && `?${text}`
}

export const signInAddress = (application: string | undefined, to?: string): string =>
  `/login${application ? `/${encodeURIComponent(application)}` : ''}${search({ to })}`

export const signUpAddress = (application: string | undefined, to?: string): string =>
  `/signup${application ? `/${encodeURIComponent(application)}` : ''}${search({ to })}`

export const forgotPasswordAddress = (application: string | undefined, to?: string): string =>
  `/forgot-password${search({ application, to })}`

/** The frame of one application's pages before signing in: its organization's name, its logo and colour, its help contact. */
export const SignInPage = ({
  signInPage,
  title,
  children,
}: {
  signInPage: ReturnType<typeof useSignInPage>
  title: string
  children: ReactNode
}) => (
  <SignInFrame
    name={signInPage.data?.organization.displayName ?? 'Veridoor'}
    title={title}
    help={signInPage.data?.organization.helpContact ?? ''}
    logo={signInPage.data?.application.logo || signInPage.data?.organization.logo || ''}
    colour={signInPage.data?.application.colour ?? ''}
  >
    <ErrorNotice error={signInPage.error} />
    {children}
  </SignInFrame>
)
