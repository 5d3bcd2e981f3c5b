import { type ReactNode, useContext, useEffect, useRef } from 'react'
import { HandOverContext } from './hand-over-context.ts'
import { useWords } from './words/words.tsx'

export const Logo = () => (
  <svg
    viewBox="0 0 32 32"
    width="28"
    height="28"
    fill="none"
    stroke="currentColor"
    strokeWidth="2.75"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    <path d="M4 29h24" />
    <path d="M7.5 29V5.5A2.5 2.5 0 0 1 10 3h12a2.5 2.5 0 0 1 2.5 2.5V9" />
    <path d="M24.5 22.5V29" />
    <path d="M14.5 16l4.5 4.5L29 11" />
  </svg>
)

const paths = {
  check: 'M5 12l5 5L20 7',
  warn: 'M12 9v4m0 4h.01M10.3 4.3 2.6 17.6A2 2 0 0 0 4.3 20.6h15.4a2 2 0 0 0 1.7-3L13.7 4.3a2 2 0 0 0-3.4 0z',
  camera:
    'M5 7h2l2-3h6l2 3h2a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2zm7 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  passport:
    'M6 3h12a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zm6 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zm-4 4h8',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm0-14v2m0 16v2M2 12h2m16 0h2M5 5l1.5 1.5m11 11L19 19M19 5l-1.5 1.5m-11 11L5 19',
  face: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 10h.01M15 10h.01M9 15c1 .8 2 1.2 3 1.2s2-.4 3-1.2',
  phone: 'M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zm3 15h2',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zm0-14v5l3 2',
  stop: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zm-4-9h8',
  flask: 'M9 3h6m-5 0v6l-5 9a2 2 0 0 0 2 3h10a2 2 0 0 0 2-3l-5-9V3',
  back: 'M15 6l-6 6 6 6',
  close: 'M6 6l12 12M18 6L6 18',
  card: 'M4 5h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zm4.5 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM5.5 16c.5-1.5 1.5-2 3-2s2.500.5 3 2M15 9h3m-3 4h3',
  lock: 'M6 11h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1zm2 0V7a4 4 0 0 1 8 0v4',
} as const

export type IconName = keyof typeof paths

export const Icon = ({ name, size = 20 }: { name: IconName; size?: number }) => (
  <svg
    className={`icon icon-${name}`}
    viewBox="0 0 24 24"
    width={size}
    height={size}
    fill="none"
    stroke="currentColor"
    strokeWidth="1.75"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    <path d={paths[name]} />
  </svg>
)

/** The number of a step, from 1, and how many there are. */
export type Step = { readonly n: number; readonly of: number }

/** What the browser's tab and a screen reader call a screen. */
export const usePageTitle = (screen: string, client: string, step?: Step): void => {
  const { say } = useWords()
  const title = step
    ? say('title.step', { screen, ...step, client })
    : client
      ? say('title.plain', { screen, client })
      : screen
  useEffect(() => {
    const before = document.title
    document.title = title
    // A screen that stood over another one gives its title back.
    return () => {
      document.title = before
    }
  }, [title])
}

/** A camera fills the window: the bar behind it is not there for keyboards and readers either. */
export const useWholeWindow = (): void => {
  useEffect(() => {
    const bar = document.querySelector('header.top')
    bar?.toggleAttribute('inert', true)
    return () => void bar?.toggleAttribute('inert', false)
  }, [])
}

/** One screen: its heading takes the focus, so that readers and keyboards begin there. */
export const Screen = ({
  title,
  step,
  client,
  children,
  footer,
  onBack,
}: {
  title: string
  step?: Step | undefined
  client: string
  children?: ReactNode
  footer?: ReactNode
  onBack?: (() => void) | undefined
}) => {
  const { say, language } = useWords()
  const heading = useRef<HTMLHeadingElement>(null)
  const spoken = useRef(language)
  usePageTitle(title, client, step)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new title is a new screen, and that is when the focus moves
  useEffect(() => {
    // The same screen in another language is no new one: whoever chose it stays at the choice.
    if (spoken.current === language) heading.current?.focus()
    spoken.current = language
  }, [title, language])
  return (
    <main className="screen">
      <div className="body">
        {(step || onBack) && (
          <div className="where">
            {onBack && (
              <Button kind="link" onClick={onBack}>
                <Icon name="back" /> {say('back')}
              </Button>
            )}
            {step && <p className="step">{say('step', step)}</p>}
          </div>
        )}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </div>
      {footer && <div className="actions">{footer}</div>}
    </main>
  )
}

export const Button = ({
  kind = 'main',
  ...rest
}: React.ButtonHTMLAttributes<HTMLButtonElement> & { kind?: 'main' | 'second' | 'link' }) => (
  <button type="button" className={`button ${kind}`} {...rest} />
)

/** A file may be chosen: `input` is shown beside every screen from which `open` is called. */
export type Chooser = { readonly input: ReactNode; readonly isPdf: boolean; open(): void }

/**
 * Lets a file be chosen. Phones hide the page meanwhile, which turns the camera off and changes the screen; the input has to outlive
 * that, since an answer to one that has gone is lost. Three types are taken, of documents a PDF too; the list makes phones convert.
 */
export const useChooser = (testId: string, onFile: (file: File) => void, isPdf = false): Chooser => {
  const input = useRef<HTMLInputElement>(null)
  return {
    isPdf,
    open: () => input.current?.click(),
    input: (
      <input
        ref={input}
        type="file"
        accept={`image/jpeg,image/png,image/webp${isPdf ? ',application/pdf' : ''}`}
        className="hidden"
        tabIndex={-1}
        aria-hidden="true"
        data-testid={testId}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          event.currentTarget.value = ''
          if (file) onFile(file)
        }}
      />
    ),
  }
}

/** Something to read before going on; `alert` is spoken at once. */
export const Note = ({
  icon = 'warn',
  children,
  alert = false,
  testId,
}: {
  icon?: IconName
  children: ReactNode
  alert?: boolean
  testId?: string
}) => (
  <div className={`note ${icon === 'warn' ? 'warn' : ''}`} role={alert ? 'alert' : undefined} data-testid={testId}>
    <Icon name={icon} />
    <div>{children}</div>
  </div>
)

/** A way on that needs another device: a code to scan there. */
export const OtherDevice = ({ kind = 'link' }: { kind?: 'second' | 'link' }) => {
  const { say } = useWords()
  const handOver = useContext(HandOverContext)
  return (
    handOver && (
      <Button kind={kind} data-testid="other-device" onClick={handOver}>
        {say('device.link')}
      </Button>
    )
  )
}
