import { type ComponentProps, useState } from 'react'

/**
 * Sends the person to be verified. `start` is an address of your own server, which makes the sign-in request (state, PKCE, claims) and
 * redirects to Veridoor: a browser must not make it alone. Pressed twice, it goes once.
 */
export const VerifyIdentity = ({
  start,
  children = 'Verify identity',
  ...rest
}: { readonly start: string } & Omit<ComponentProps<'a'>, 'href'>) => {
  const [gone, setGone] = useState(false)
  return (
    <a
      {...rest}
      href={start}
      aria-disabled={gone || undefined}
      onClick={(event) => {
        if (gone) return event.preventDefault()
        rest.onClick?.(event)
        const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey
        if (!event.defaultPrevented && !elsewhere) setGone(true)
      }}
    >
      {children}
    </a>
  )
}
