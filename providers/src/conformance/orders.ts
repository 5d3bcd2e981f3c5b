import { requiredScenarios } from './service.ts'
import { adapterOf, claimOfKit, endOf, isInstant, newOrder, type Subject } from './subject.ts'

/** Rules about starting, webhooks, erasing and settings. */

const sixtyOneDaysMs = 61 * 86_400_000

/** References go out as they are. The person goes with them only where the type declares it. */
export const ordersStayOpaque = async (subject: Subject): Promise<string[]> => {
  const { type, service } = subject
  // Even when it is handed a claim by mistake, a type that does not declare it sends none of it.
  const order = { ...newOrder(type), claim: claimOfKit }
  await adapterOf(subject).start(order)
  const body = decodeURIComponent((service.opened().at(-1) ?? '').replaceAll('+', ' '))
  const problems: string[] = []
  if (type.needs?.claim) {
    if (!body.includes(claimOfKit.number)) problems.push('the claim is declared, yet not sent')
    return problems
  }
  for (const reference of [order.verificationReference, order.subjectReference])
    if (!body.includes(reference)) problems.push('a reference of the order was not passed on as it is')
  if (/@|realName|firstName|lastName|dateOfBirth/i.test(body)) problems.push('personal data in the order')
  for (const value of [claimOfKit.realName, claimOfKit.number])
    if (body.includes(value)) problems.push('a part of the claim in the order, which the type does not declare')
  return problems
}

/** Two starts have two references and an end within 61 days; each says in a usable way how the person goes on. */
export const startedIsUsable = async (subject: Subject): Promise<string[]> => {
  const adapter = adapterOf(subject)
  const [one, two] = [await adapter.start(newOrder(subject.type)), await adapter.start(newOrder(subject.type))]
  const problems: string[] = []
  if (one.reference === two.reference || one.reference === '') problems.push('two checks, one reference')
  if (one.next === 'redirect' && (!URL.canParse(one.url) || !/^https?:/.test(one.url)))
    problems.push('no address to go to')
  if (one.next === 'embed') {
    const { embed } = subject.type
    if (!URL.canParse(one.script) || !embed?.origins.script.includes(new URL(one.script).origin))
      problems.push('a script of an origin that the type does not declare')
    if (one.token === '') problems.push('no token for the script')
  }
  const leftMs = one.expiresAt.getTime() - Date.now()
  if (!(leftMs > 0 && leftMs < sixtyOneDaysMs)) problems.push('an end that is over, or never comes')
  return problems
}

/** A webhook gives a reference and no more, without a call; an invalid one gives null and never throws. */
export const webhooksNameChecks = async (subject: Subject): Promise<string[]> => {
  const { service, type } = subject
  const adapter = adapterOf(subject)
  const { reference } = await adapter.start(newOrder(type))
  const { real, unrelated = [], invalid } = service.webhooks(reference)
  const before = service.calls()
  const problems: string[] = []
  if (!real !== (type.webhooks === 'none')) problems.push('whether there are webhooks is declared wrongly')
  for (const read of real ? [adapter.readWebhook(real), adapter.readWebhook(real)] : []) {
    if (read?.reference?.toLowerCase() !== reference.toLowerCase()) problems.push('a real webhook names no check')
    if (read && Object.keys(read).join() !== 'reference') problems.push('a webhook brought more than a reference')
  }
  for (const webhook of unrelated)
    if (adapter.readWebhook(webhook)?.reference !== null)
      problems.push('a webhook about no check names one, or is refused')
  for (const webhook of invalid) {
    const end = await endOf(async () => {
      if (adapter.readWebhook(webhook) !== null) problems.push('an invalid webhook was taken for one')
    })
    if (end.fault !== 'none') problems.push('a broken webhook throws')
  }
  if (service.calls() !== before) problems.push('reading a webhook makes calls')
  return problems
}

/** Erasing twice works, and asking afterwards is `not_found`. */
export const erasingRepeats = async (subject: Subject): Promise<string[]> => {
  const adapter = adapterOf(subject)
  const started = await adapter.start(newOrder(subject.type))
  await adapter.erase(started.reference)
  const problems: string[] = []
  if ((await endOf(() => adapter.erase(started.reference))).fault !== 'none') problems.push('erasing twice fails')
  const { fault } = await endOf(() => adapter.fetchFinding(started.reference))
  // An instant type has nothing to fetch, before or after.
  if (fault !== 'not_found')
    problems.push(isInstant(started) ? `an instant result is fetched as ${fault}` : `an erased check is ${fault}`)
  return problems
}

/** Each setting has a title and a description, secrets are marked, and none at all do not suffice. */
export const settingsExplainThemselves = async ({ type, service }: Subject): Promise<string[]> => {
  const problems: string[] = []
  const schema = type.config.toJSONSchema({ io: 'input' }).properties ?? {}
  for (const [name, property] of Object.entries(schema)) {
    const { title, description, secret } = property as Record<string, unknown>
    if (!title || !description) problems.push(`${name} is not explained`)
    if (service.secretSettings.includes(name) !== (secret === true)) problems.push(`${name}: encrypted or not is wrong`)
  }
  if (type.config.safeParse(service.config).success === false) problems.push('the shortest settings do not suffice')
  if (type.config.safeParse({}).success) problems.push('no settings at all suffice')
  for (const required of requiredScenarios)
    if (service.impossible?.includes(required)) problems.push(`${required} cannot be left out`)
  return problems
}
