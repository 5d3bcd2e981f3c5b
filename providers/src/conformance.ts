import { checksOpenOnce, faultsAreNamed, probesTellFaultsApart, redirectsAreRefused } from './conformance/faults.ts'
import { nothingLeaks } from './conformance/leaks.ts'
import {
  erasingRepeats,
  noticesAreDoorbells,
  ordersStayOpaque,
  settingsExplainThemselves,
  startedIsUsable,
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
 * What every provider type must keep, each checked over HTTP against a fake of its provider's API. A rule gives the ways in which
 * it is broken, in words without values; none means that it is kept.
 */
export const rules = {
  'an order carries its opaque ids and no person': ordersStayOpaque,
  'a start gives a new reference, an address and an end': startedIsUsable,
  'a notice is a doorbell, never a verdict': noticesAreDoorbells,
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

/** How a type breaks one rule; the service starts whole and willing. An error that is thrown breaks it, too. */
export const broken = async (name: RuleName, subject: Subject): Promise<readonly string[]> => {
  subject.service.say('approve')
  subject.service.breakWith(null)
  try {
    return await rules[name](subject)
  } catch (error) {
    return [`the rule could not be checked: ${error instanceof Error ? error.name : 'unknown'}`]
  } finally {
    subject.service.breakWith(null)
  }
}
