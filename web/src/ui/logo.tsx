export const Logo = ({ size = 28 }: { size?: number }) => (
  <svg
    viewBox="0 0 32 32"
    width={size}
    height={size}
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
