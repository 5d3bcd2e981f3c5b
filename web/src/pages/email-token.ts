import { useEffect, useState } from 'react'

/**
 * The token of a mailed link. It stands behind a #, which browsers keep to themselves; it is taken out of the address at once,
 * so that it stays in no history.
 */
export const useEmailToken = (): string => {
  const [token] = useState(() => window.location.hash.slice(1))
  useEffect(() => {
    if (window.location.hash)
      window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
  }, [])
  return token
}
