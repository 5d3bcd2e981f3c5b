import { useState } from 'react'

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/**
 * What is typed over what was read. A newer version that arrives while nothing was typed is taken over; typed changes stay, and the
 * server refuses them if somebody else saved meanwhile.
 */
export const useDraft = <T extends object>(read: T | undefined) => {
  const [state, setState] = useState<{ saved: T; draft: T } | null>(null)
  const isChanged = state !== null && !isSame(state.saved, state.draft)
  // While rendering, so that no frame shows an old value (react.dev, "Adjusting state when a prop changes").
  if (read !== undefined && (state === null || (!isChanged && !isSame(state.saved, read))))
    setState({ saved: read, draft: read })
  return {
    draft: state?.draft ?? null,
    isChanged,
    updateDraft: (part: Partial<T>): void =>
      setState((current) => current && { ...current, draft: { ...current.draft, ...part } }),
    /** What the server answered to a save. */
    accept: (saved: T): void => setState({ saved, draft: saved }),
    /** A part that changed on the server by itself, such as the version: typed changes stay. */
    acceptPart: (part: Partial<T>): void =>
      setState((current) => current && { saved: { ...current.saved, ...part }, draft: { ...current.draft, ...part } }),
    discard: (): void => setState((current) => current && { ...current, draft: current.saved }),
  }
}
