import { createContext } from 'react'

/** Opens the screen that hands this check to another device; null where there is nothing to hand over. */
export const HandOverContext = createContext<(() => void) | null>(null)
