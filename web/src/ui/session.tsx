import { useQuery } from '@tanstack/react-query'
import { api, queries } from '../api.ts'

export const sessionQuery = () => api.session.read.queryOptions({ retry: false, staleTime: 30_000 })

/** Who is signed in; null when nobody is. */
export const useSession = () => {
  const { data, error, isPending } = useQuery(sessionQuery())
  return { session: error ? null : (data ?? null), isPending }
}

export const clearSession = async (): Promise<void> => {
  queries.clear()
}
