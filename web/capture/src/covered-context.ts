import { createContext } from 'react'

/** Whether the screens are out of sight, behind one that stands over them: no camera is on there. */
export const CoveredContext = createContext(false)
