import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

/** The page's client over a verifier that names pictures by their number, and what was asked of it. */
const start = async () => {
  const asked: string[] = []
  let pictures = 0
  let answerFrames = () => {}
  const framesHeld = new Promise<void>((resolve) => {
    answerFrames = resolve
  })
  vi.stubGlobal('sessionStorage', { getItem: () => null, setItem: () => {}, removeItem: () => {} })
  vi.stubGlobal('fetch', async (address: string) => {
    asked.push(address.replace('/capture/api', ''))
    if (address.includes('/frames/')) {
      await framesHeld
      return Response.json({ kept: 1 })
    }
    pictures += 1
    return Response.json({ accepted: true, code: null, picture: `picture-${pictures}` })
  })
  const { createApi } = await import('./api.ts')
  return { api: createApi(null), asked, answerFrames: () => answerFrames() }
}
const jpeg = new Blob(['jpeg'], { type: 'image/jpeg' })

describe('a line that is dead and does not say so', () => {
  it('is given up after a while, and the question asked anew', async () => {
    vi.useFakeTimers()
    vi.stubGlobal('sessionStorage', { getItem: () => null, setItem: () => {}, removeItem: () => {} })
    let calls = 0
    vi.stubGlobal('fetch', (_address: string, { signal }: { signal: AbortSignal }) => {
      calls += 1
      return new Promise((resolve, reject) => {
        if (calls > 1) resolve(Response.json({ id: 'a check' }))
        signal.addEventListener('abort', () => reject(new Error('aborted')))
      })
    })
    const { createApi } = await import('./api.ts')
    const read = createApi(null).read()
    await vi.advanceTimersByTimeAsync(25_000)
    expect(await read).toEqual({ id: 'a check' })
    expect(calls).toBe(2)
    vi.useRealTimers()
  })
})

describe('frames beside a picture', () => {
  it('say which picture they belong to, and stop when another one of that side is sent', async () => {
    const { api, asked, answerFrames } = await start()
    await api.send('front', jpeg, 'camera')
    const first = api.sendFrames('front', [jpeg, jpeg, jpeg])
    await api.send('back', jpeg, 'camera')
    await api.send('front', jpeg, 'camera')
    answerFrames()
    await first
    await api.sendFrames('front', [jpeg, jpeg])
    expect(asked).toEqual([
      '/pictures/front',
      '/pictures/front/frames/1?picture=picture-1',
      '/pictures/back',
      '/pictures/front',
      '/pictures/front/frames/1?picture=picture-3',
      '/pictures/front/frames/2?picture=picture-3',
    ])
  })
})
