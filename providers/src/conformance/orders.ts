import { adapterOf, endOf, newOrder, type Subject } from './subject.ts'

/** Rules about starting, notices, forgetting and settings. */

const sixtyOneDaysMs = 61 * 86_400_000

/** References go out as they are, and nothing that looks like a person goes with them. */
export const ordersStayOpaque = async (subject: Subject): Promise<string[]> => {
  const order = newOrder()
  await adapterOf(subject).start(order)
  const body = subject.service.opened().at(-1) ?? ''
  const problems: string[] = []
  for (const reference of [order.verificationReference, order.subjectReference])
    if (!body.includes(reference)) problems.push('a reference of the order was not passed on as it is')
  if (/@|realName|firstName|lastName|dateOfBirth/i.test(body)) problems.push('personal data in the order')
  return problems
}

/** Two starts have two references, each an address to go to and an end within 61 days. */
export const startedIsUsable = async (subject: Subject): Promise<string[]> => {
  const adapter = adapterOf(subject)
  const [one, two] = [await adapter.start(newOrder()), await adapter.start(newOrder())]
  const problems: string[] = []
  if (one.reference === two.reference || one.reference === '') problems.push('two checks, one reference')
  if (!URL.canParse(one.redirectUrl) || !/^https?:/.test(one.redirectUrl)) problems.push('no address to go to')
  const leftMs = one.expiresAt.getTime() - Date.now()
  if (!(leftMs > 0 && leftMs < sixtyOneDaysMs)) problems.push('an end that is over, or never comes')
  return problems
}

/** A notice gives a reference and no more, without a call; what is none gives null and never throws. */
export const noticesAreDoorbells = async (subject: Subject): Promise<string[]> => {
  const { service } = subject
  const adapter = adapterOf(subject)
  const { reference } = await adapter.start(newOrder())
  const { real, none } = service.notices(reference)
  const before = service.calls()
  const problems: string[] = []
  for (const read of [adapter.readNotice(real), adapter.readNotice(real)]) {
    if (read?.reference.toLowerCase() !== reference.toLowerCase()) problems.push('a real notice names no check')
    if (read && Object.keys(read).join() !== 'reference') problems.push('a notice brought more than a reference')
  }
  for (const notice of none) {
    const end = await endOf(async () => {
      if (adapter.readNotice(notice) !== null) problems.push('what is no notice was taken for one')
    })
    if (end.fault !== 'none') problems.push('a broken notice throws')
  }
  if (service.calls() !== before) problems.push('reading a notice makes calls')
  return problems
}

/** Erasing twice works, and asking afterwards is `not_found`. */
export const erasingRepeats = async (subject: Subject): Promise<string[]> => {
  const adapter = adapterOf(subject)
  const { reference } = await adapter.start(newOrder())
  await adapter.erase(reference)
  const problems: string[] = []
  if ((await endOf(() => adapter.erase(reference))).fault !== 'none') problems.push('erasing twice fails')
  const { fault } = await endOf(() => adapter.fetchFinding(reference))
  if (fault !== 'not_found') problems.push(`an erased check is ${fault}`)
  return problems
}

/** Each setting has a title and a description, secrets are marked, and none at all do not suffice. */
export const settingsExplainThemselves = async ({ type, service }: Subject): Promise<string[]> => {
  const problems: string[] = []
  const schema = type.config.toJSONSchema({ io: 'input' }).properties ?? {}
  for (const [name, property] of Object.entries(schema)) {
    const { title, description, secret } = property as Record<string, unknown>
    if (!title || !description) problems.push(`${name} is not explained`)
    if (service.secretSettings.includes(name) !== (secret === true)) problems.push(`${name}: sealed or not is wrong`)
  }
  if (type.config.safeParse(service.config).success === false) problems.push('the shortest settings do not suffice')
  if (type.config.safeParse({}).success) problems.push('no settings at all suffice')
  return problems
}
