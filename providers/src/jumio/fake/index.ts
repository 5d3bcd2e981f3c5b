import { type StartedFake, startFake } from '../../conformance/fake-server.ts'
import type { Generation } from './generation.ts'
import { fakePlatform } from './platform.ts'
import { fakeV4 } from './v4.ts'

/** The fake, which can be told to serve one payload of the fixtures instead of a scenario. */
export type FakeJumio = Omit<StartedFake, 'webhooks'> & Pick<Generation, 'webhooks' | 'serveFixture'>

/** Jumio over real HTTP on a port of its own, in either generation. */
export const startFakeJumio = async (generation: 'v4' | 'platform'): Promise<FakeJumio> => {
  const api = generation === 'v4' ? fakeV4() : fakePlatform()
  return { ...(await startFake(api)), webhooks: api.webhooks, serveFixture: api.serveFixture }
}
