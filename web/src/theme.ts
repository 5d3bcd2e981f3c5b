import { type CSSVariablesResolver, createTheme, virtualColor } from '@mantine/core'

const scale = [
  '#E8F6F9',
  '#CFEBF1',
  '#A3D7E2',
  '#74CADA',
  '#4FB8CC',
  '#2A9BB1',
  '#13798F',
  '#0B5A6B',
  '#084754',
  '#053640',
] as const
const fontFamily = '-apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC", sans-serif'
const fontFamilyMonospace = 'ui-monospace, "SF Mono", Menlo, Consolas, monospace'

export const theme = createTheme({
  // In dark the shade after the primary one is the hover: it has to be lighter.
  colors: {
    day: scale,
    night: [...scale.slice(0, 5), '#74CADA', ...scale.slice(6)] as unknown as typeof scale,
    brand: virtualColor({ name: 'brand', light: 'day', dark: 'night' }),
  },
  primaryColor: 'brand',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.3,
  black: '#14181F',
  respectReducedMotion: true,
  defaultRadius: 6,
  cursorType: 'pointer',
  fontFamily,
  fontFamilyMonospace,
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '30px', lineHeight: '38px' },
      h2: { fontSize: '24px', lineHeight: '32px' },
      h3: { fontSize: '20px', lineHeight: '28px' },
      h4: { fontSize: '16px', lineHeight: '24px' },
    },
  },
  components: {
    // A link in a line of text is told apart by more than its colour.
    Anchor: { defaultProps: { underline: 'always' } },
    Button: { defaultProps: { size: 'md' } },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    Select: { defaultProps: { size: 'md', allowDeselect: false } },
    NativeSelect: { defaultProps: { size: 'md' } },
  },
})

const states = {
  light: {
    open: ['#1D4E9E', '#E6EFFB'],
    review: ['#7A4700', '#FDF1DC'],
    good: ['#0B5D3B', '#E3F5EB'],
    bad: ['#B01030', '#FCE9EC'],
    off: ['#4A5361', '#E9ECF0'],
    test: ['#5B3A9E', '#EFEAFA'],
  },
  dark: {
    open: ['#8FB8FF', '#14253F'],
    review: ['#F5C26B', '#33240C'],
    good: ['#9BE8C0', '#0F2E20'],
    bad: ['#FF8A94', '#3B161B'],
    off: ['#B0BAC7', '#232A33'],
    test: ['#C9B3FF', '#261C40'],
  },
} as const

const stateVariables = (scheme: 'light' | 'dark'): Record<string, string> =>
  Object.fromEntries(
    Object.entries(states[scheme]).flatMap(([name, [text, tint]]) => [
      [`--vd-${name}`, text],
      [`--vd-${name}-tint`, tint],
    ]),
  )

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#F7F8FA',
    '--mantine-color-text': '#14181F',
    '--mantine-color-dimmed': '#4A5361',
    '--mantine-color-anchor': '#0B5A6B',
    '--mantine-color-error': '#B01030',
    '--mantine-color-placeholder': '#636D7C',
    '--mantine-color-default-border': '#7B8594',
    '--vd-surface': '#FFFFFF',
    '--vd-sunken': '#EEF0F4',
    '--vd-border': '#D5DAE1',
    '--vd-focus': '#1A56DB',
    '--vd-danger': '#B01030',
    '--vd-on-danger': '#FFFFFF',
    ...stateVariables('light'),
  },
  dark: {
    '--mantine-color-body': '#0E1217',
    '--mantine-color-text': '#E8ECF1',
    '--mantine-color-dimmed': '#B0BAC7',
    '--mantine-color-anchor': '#6CC6D8',
    '--mantine-color-error': '#FF8A94',
    '--mantine-color-placeholder': '#8F9BAA',
    '--mantine-color-default-border': '#707C8C',
    '--mantine-color-default': '#161B22',
    '--vd-surface': '#161B22',
    '--vd-sunken': '#0A0D11',
    '--vd-border': '#2C343F',
    '--vd-focus': '#8AB4FF',
    '--vd-danger': '#FF8A94',
    '--vd-on-danger': '#14181F',
    ...stateVariables('dark'),
  },
})
