import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { api, type client } from '../api.ts'
import { Fault } from '../ui/parts.tsx'
import { Door } from './door.tsx'

export type DoorView = Awaited<ReturnType<typeof client.session.page>>

/** Whose door it is, and what it offers. Left out: the built-in application's. */
export const useDoor = (application: string | undefined) =>
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
export const DoorOf = ({
  door,
  title,
  children,
}: {
  door: ReturnType<typeof useDoor>
  title: string
  children: ReactNode
}) => (
  <Door
    name={door.data?.organization.displayName ?? 'Veridoor'}
    title={title}
    help={door.data?.organization.helpContact ?? ''}
    logo={door.data?.application.logo || door.data?.organization.logo || ''}
    colour={door.data?.application.colour ?? ''}
  >
    <Fault error={door.error} />
    {children}
  </Door>
)
