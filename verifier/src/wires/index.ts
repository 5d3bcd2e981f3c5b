import type { Generation } from '../session/schema.ts'
import { platformWire } from './platform/wire.ts'
import { v4Wire } from './v4/wire.ts'
import type { Wire } from './wire.ts'

/** The generations of Jumio's API that are served here. */
export const wires: Readonly<Record<Generation, Wire>> = { v4: v4Wire, platform: platformWire }
