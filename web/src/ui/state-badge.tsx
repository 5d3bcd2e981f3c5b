import {
  IconAlertOctagon,
  IconCircleDashed,
  IconCircleMinus,
  IconClock,
  IconFlask,
  IconHourglassEmpty,
  IconPlugConnectedX,
  IconShieldCheckFilled,
  IconUserSearch,
} from '@tabler/icons-react'
import type { VerificationState } from '@veridoor/contract'

type Tone = 'open' | 'review' | 'good' | 'bad' | 'off' | 'test'

const states: Record<
  VerificationState | 'none',
  { person: string; staff: string; tone: Tone; icon: typeof IconClock }
> = {
  none: { person: 'Not yet verified', staff: 'Not verified', tone: 'off', icon: IconCircleDashed },
  created: { person: 'Not finished', staff: 'Waiting for person', tone: 'open', icon: IconCircleDashed },
  waiting: { person: 'Not finished', staff: 'Waiting for person', tone: 'open', icon: IconCircleDashed },
  checking: { person: 'Checking', staff: 'Checking', tone: 'open', icon: IconClock },
  review: { person: 'In review', staff: 'In review', tone: 'review', icon: IconUserSearch },
  verified: { person: 'Verified', staff: 'Verified', tone: 'good', icon: IconShieldCheckFilled },
  rejected: { person: 'Not verified', staff: 'Rejected', tone: 'bad', icon: IconAlertOctagon },
  expired: { person: 'Timed out', staff: 'Expired', tone: 'off', icon: IconHourglassEmpty },
  cancelled: { person: 'Cancelled', staff: 'Cancelled', tone: 'off', icon: IconCircleMinus },
  failed: { person: 'Interrupted', staff: 'Failed', tone: 'off', icon: IconPlugConnectedX },
}

/** Icon and word on a tint: never colour alone. */
export const StateBadge = ({
  state,
  staff = false,
  demonstration = false,
  test = false,
}: {
  state: VerificationState | 'none'
  staff?: boolean
  demonstration?: boolean
  test?: boolean
}) => {
  const shown = states[state]
  const Icon = shown.icon
  return (
    <span style={{ display: 'inline-flex', gap: 8, flexWrap: 'wrap' }}>
      <span
        className="badge"
        data-testid="identity-state"
        data-state={state}
        style={{ color: `var(--vd-${shown.tone})`, background: `var(--vd-${shown.tone}-tint)` }}
      >
        <Icon size={16} stroke={1.75} aria-hidden="true" />
        {staff ? shown.staff : shown.person}
      </span>
      {(demonstration || test) && (
        <span className="badge dashed" style={{ color: 'var(--vd-test)', background: 'var(--vd-test-tint)' }}>
          <IconFlask size={16} stroke={1.75} aria-hidden="true" />
          {demonstration ? 'Demonstration' : 'Test'}
        </span>
      )}
    </span>
  )
}

/** A word about something's health: with an icon and a tint of its own. */
export const HealthBadge = ({ health, detail }: { health: string; detail?: string }) => {
  const [word, tone, Icon] =
    health === 'ok'
      ? (['OK', 'good', IconShieldCheckFilled] as const)
      : health === 'down'
        ? (['Down', 'bad', IconAlertOctagon] as const)
        : health === 'degraded'
          ? (['Degraded', 'review', IconClock] as const)
          : (['Not tried yet', 'off', IconCircleDashed] as const)
  return (
    <span className="badge" style={{ color: `var(--vd-${tone})`, background: `var(--vd-${tone}-tint)` }}>
      <Icon size={16} stroke={1.75} aria-hidden="true" />
      {word}
      {detail ? `, ${detail.replaceAll('_', ' ')}` : ''}
    </span>
  )
}
