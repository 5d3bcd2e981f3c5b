import type { CaptureTrouble } from '@veridoor/contract'
import { createContext, useContext, useEffect } from 'react'

/** What stands in the person's way right now; told to the verifier when they stop, so that the return address can say it. */
export const TroubleContext = createContext<{ current: CaptureTrouble | null }>({ current: null })

/** A screen says what stands in the way for as long as it is shown. */
export const useTrouble = (trouble: CaptureTrouble | null): void => {
  const told = useContext(TroubleContext)
  useEffect(() => {
    told.current = trouble
    return () => {
      told.current = null
    }
  }, [told, trouble])
}
