import { checksOpenOnce, faultsAreNamed, probesTellFaultsApart, redirectsAreRefused } from './conformance/faults.ts'
import { nothingLeaks } from './conformance/leaks.ts'
import {
  erasingRepeats,
  ordersStayOpaque,
  settingsExplainThemselves,
  startedIsUsable,
  webhooksNameChecks,
} from './conformance/orders.ts'
import {
  anotherPersonIsSeen,
  pendingStaysPending,
  placeholdersAreAbsent,
  resultsAreMapped,
  unknownNeverPasses,
} from './conformance/results.ts'
import type { Subject } from './conformance/subject.ts'

export type { Breakage, FakeService, Scenario } from './conformance/service.ts'
export type { Subject } from './conformance/subject.ts'

/**
 * What every provider type must hold to, each checked over HTTP against a fake of its provider's API. A rule returns the ways in
 * which it is broken, in words without values; an empty list means that it holds.
 */
export const rules = {
  'an order carries opaque references, and a person only where declared': ordersStayOpaque,
  'a start gives a new reference, a way to go on and an end': startedIsUsable,
  'a webhook names a check, never a verdict': webhooksNameChecks,
  'an undecided check stays pending': pendingStaysPending,
  'every result maps to its outcome': resultsAreMapped,
  'what is unknown or missing never passes': unknownNeverPasses,
  'a placeholder is absence': placeholdersAreAbsent,
  "another person's result is seen as such": anotherPersonIsSeen,
  'every fault is named, and says whether to try again': faultsAreNamed,
  'a check is opened once, however the call ends': checksOpenOnce,
  'credentials never follow a redirect': redirectsAreRefused,
  'erasing twice is fine, and erased is gone': erasingRepeats,
  'a probe tells faults apart and opens nothing': probesTellFaultsApart,
  'nothing of the person is printed or thrown': nothingLeaks,
  'settings explain themselves and mark their secrets': settingsExplainThemselves,
} as const satisfies Record<string, (subject: Subject) => Promise<readonly string[]>>

/** A rule, by the sentence that states it. */
export type RuleName = keyof typeof rules
/** All rules, in their order. */
export const ruleNames = Object.keys(rules) as RuleName[]

/** How a type breaks one rule; the service starts unbroken and approving. A thrown error breaks it, too. */
export const broken = async (name: RuleName, subject: Subject): Promise<readonly string[]> => {
  subject.service.setScenario('approve')
  subject.service.setBreakage(null)
  try {
    return await rules[name](subject)
  } catch (error) {
    return [`the rule could not be checked: ${error instanceof Error ? error.name : 'unknown'}`]
  } finally {
    subject.service.setBreakage(null)
  }
}
