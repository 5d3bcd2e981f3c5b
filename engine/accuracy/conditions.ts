import type { Shot } from '../src/specimen/index.ts'
import { between, pick, type Random } from '../src/specimen/random.ts'
import { tables } from '../src/specimen/table.ts'
import type { DocumentKind } from './documents.ts'

/** One way of photographing. `frames` shots of one document are given to the engine together. */
export type Condition = {
  readonly id: string
  readonly says: string
  /** Glare lies on the MRZ: the aim for it is lower. */
  readonly isGlareOnZone: boolean
  readonly shots: (random: Random, kind: DocumentKind) => readonly Shot[]
}

const sign = (random: Random): number => (random() < 0.5 ? -1 : 1)

/** What every photograph has a little of. */
const usual = (random: Random): Shot => {
  const width = Math.round(between(random, 1100, 1700))
  return {
    width,
    turn: between(random, -3, 3),
    blur: between(random, 0.3, 0.9) * (width / 1300),
    noise: between(random, 2, 8),
    brightness: between(random, 0.85, 1.08),
    warmth: between(random, 0.92, 1.1),
    jpeg: Math.round(between(random, 70, 92)),
    seed: Math.floor(random() * 2 ** 31),
  }
}

const one =
  (change: (random: Random, base: Shot & { width: number }, kind: DocumentKind) => Partial<Shot>) =>
  (random: Random, kind: DocumentKind): readonly Shot[] => {
    const base = usual(random)
    return [{ ...base, ...change(random, { width: 1300, ...base }, kind) }]
  }

const glareOnZone = (random: Random, { zone }: DocumentKind): NonNullable<Shot['glare']> => ({
  x: between(random, zone.left, zone.right),
  y: between(random, zone.top, zone.bottom),
  radius: between(random, 0.03, 0.07),
})

const FRAMES = 4

/** The conditions of the set; every document gets one, in turn. */
export const conditions: readonly Condition[] = [
  {
    id: 'level',
    says: 'faces the camera, turned by up to 3°, 1,100 to 1,700 px wide',
    isGlareOnZone: false,
    shots: one(() => ({})),
  },
  {
    id: 'small',
    says: '640 to 850 px wide',
    isGlareOnZone: false,
    shots: one((random) => ({
      width: Math.round(between(random, 640, 850)),
      blur: between(random, 0.2, 0.5),
    })),
  },
  {
    id: 'defocus',
    says: 'blurred with a deviation of 1.2 to 2.2 px at 1,300 px',
    isGlareOnZone: false,
    shots: one((random, { width }) => ({ blur: (between(random, 1.2, 2.2) * width) / 1300 })),
  },
  {
    id: 'motion',
    says: 'smeared along 4 to 9 px at 1,300 px, in any direction',
    isGlareOnZone: false,
    shots: one((random, { width }) => ({
      motion: { length: (between(random, 4, 9) * width) / 1300, angle: random() * 180 },
    })),
  },
  {
    id: 'turned',
    says: 'turned by any angle',
    isGlareOnZone: false,
    shots: one((random) => ({ turn: random() * 360 })),
  },
  {
    id: 'perspective',
    says: 'leaning by 10 to 30° about both axes, seen from 1.4 to 2.2 widths away',
    isGlareOnZone: false,
    shots: one((random) => ({
      turn: between(random, -12, 12),
      tilt: {
        horizontal: sign(random) * between(random, 10, 30),
        vertical: sign(random) * between(random, 10, 30),
      },
      distance: between(random, 1.4, 2.2),
    })),
  },
  {
    id: 'shadow',
    says: 'a shadow that takes 40 to 75 % of the light on one side',
    isGlareOnZone: false,
    shots: one((random) => ({ shadow: { strength: between(random, 0.4, 0.75), angle: random() * 360 } })),
  },
  {
    id: 'jpeg',
    says: 'JPEG quality 18 to 40',
    isGlareOnZone: false,
    shots: one((random) => ({ jpeg: Math.round(between(random, 18, 40)) })),
  },
  {
    id: 'noise',
    says: 'dark (45 to 70 % of the light), noise of 18 to 32 levels',
    isGlareOnZone: false,
    shots: one((random) => ({ noise: between(random, 18, 32), brightness: between(random, 0.45, 0.7) })),
  },
  {
    id: 'table',
    says: 'on wood, cloth or stone among papers with writing on them, turned by up to 15°',
    isGlareOnZone: false,
    shots: one((random) => ({ turn: between(random, -15, 15), table: pick(random, tables), clutter: true })),
  },
  {
    id: 'hand',
    says: 'a bit of everything: turned to 25°, leaning to 15°, soft, smeared, shaded, on any table',
    isGlareOnZone: false,
    shots: one((random, { width }) => ({
      turn: between(random, -25, 25),
      tilt: { horizontal: between(random, -15, 15), vertical: between(random, -15, 15) },
      distance: between(random, 1.4, 2.5),
      blur: (between(random, 0.4, 1.1) * width) / 1300,
      motion: { length: (between(random, 2, 4) * width) / 1300, angle: random() * 180 },
      shadow: { strength: between(random, 0, 0.4), angle: random() * 360 },
      warmth: between(random, 0.85, 1.2),
      noise: between(random, 4, 12),
      jpeg: Math.round(between(random, 50, 90)),
      table: pick(random, tables),
      clutter: random() < 0.5,
    })),
  },
  {
    id: 'glare beside',
    says: 'one blob of glare on the page, away from the MRZ',
    isGlareOnZone: false,
    shots: one((random, _value, { zone }) => {
      const radius = between(random, 0.05, 0.12)
      return { glare: { x: between(random, 0.1, 0.9), y: between(random, 0.1, zone.top - radius * 1.1), radius } }
    }),
  },
  {
    id: 'glare, one frame',
    says: 'one blob of glare on the MRZ, 3 to 7 % of the width in radius; a single photograph',
    isGlareOnZone: true,
    shots: one((random, _value, kind) => ({ glare: glareOnZone(random, kind) })),
  },
  {
    id: 'glare, frames',
    says: `the same in ${FRAMES} frames between which the hand and with it the blob moves`,
    isGlareOnZone: true,
    shots: (random, kind) => {
      const base = usual(random)
      const glare = glareOnZone(random, kind)
      const direction = sign(random)
      return Array.from({ length: FRAMES }, (_value, frame) => ({
        ...base,
        seed: (base.seed ?? 1) + frame,
        turn: (base.turn ?? 0) + between(random, -1.5, 1.5),
        glare: {
          ...glare,
          x: glare.x + direction * frame * between(random, 0.05, 0.12),
          y: glare.y + between(random, -0.02, 0.02),
        },
      }))
    },
  },
]
