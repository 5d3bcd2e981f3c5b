import {
  IconAlertOctagon,
  IconBuilding,
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

/** Icon and word on a tint: never colour alone. @param mark who answers for the result, see `ownProviderMark` */
export const StateBadge = ({
  state,
  staff = false,
  demonstration = false,
  test = false,
  mark = null,
}: {
  state: VerificationState | 'none'
  staff?: boolean
  demonstration?: boolean
  test?: boolean
  mark?: string | null
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
      {[...(test ? ['Test'] : []), ...(demonstration ? ['Demonstration'] : [])].map((word) => (
        <span
          key={word}
          className="badge dashed"
          style={{ color: 'var(--vd-test)', background: 'var(--vd-test-tint)' }}
        >
          <IconFlask size={16} stroke={1.75} aria-hidden="true" />
          {word}
        </span>
      ))}
      {mark !== null && (
        <span
          className="badge"
          style={{
            color: 'var(--vd-off)',
            background: 'var(--vd-off-tint)',
            whiteSpace: 'normal',
            overflowWrap: 'anywhere',
          }}
        >
          <IconBuilding size={16} stroke={1.75} aria-hidden="true" style={{ flex: 'none' }} />
          {mark}
        </span>
      )}
    </span>
  )
}

const faultWords: Readonly<Record<string, string>> = {
  timeout: 'no answer in time',
  unreachable: 'cannot be reached',
  address_not_allowed: 'address not allowed',
  tls: 'certificate not accepted',
  bad_response: 'unreadable answer',
  bad_request: 'call not understood',
  forbidden: 'call refused',
  not_found: 'check not known',
  rate_limited: 'too many calls',
  server_error: 'fault of the provider',
  credentials_refused: 'credentials refused',
}

type Health = { health: string; detail?: string; lastTest?: { ok: boolean } | null }

/** Word, colour and icon of a health. Without a check so far the last test of the connection says how it is. */
const healthOf = ({ health, lastTest }: Health) => {
  if (health === 'ok') return ['Working', 'good', IconShieldCheckFilled] as const
  if (health === 'down') return ['Down', 'bad', IconAlertOctagon] as const
  if (health === 'degraded') return ['Degraded', 'review', IconClock] as const
  if (lastTest?.ok) return ['Test passed, no check yet', 'good', IconShieldCheckFilled] as const
  if (lastTest) return ['Test failed', 'bad', IconAlertOctagon] as const
  return ['Not tested yet', 'off', IconCircleDashed] as const
}

/** How a provider is doing: a word with an icon, on a tint. */
export const HealthBadge = (props: Health) => {
  const [word, tone, Icon] = healthOf(props)
  const detail = props.detail ? (faultWords[props.detail] ?? props.detail.replaceAll('_', ' ')) : ''
  return (
    <span className="badge" style={{ color: `var(--vd-${tone})`, background: `var(--vd-${tone}-tint)` }}>
      <Icon size={16} stroke={1.75} aria-hidden="true" />
      {word}
      {detail && props.health !== 'ok' ? `: ${detail}` : ''}
    </span>
  )
}
