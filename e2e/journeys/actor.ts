import { createHash } from 'node:crypto'
import { type PersonInMotion, personInMotion, poseOf } from '@veridoor/engine/specimen'
import sharp from 'sharp'
import { fileWith } from './people.ts'

type Movement = Parameters<typeof poseOf>[0]
const moves = ['turn_left', 'turn_right', 'look_up', 'look_down', 'closer'] as const
const addressOf = (jpeg: Buffer): string => `data:image/jpeg;base64,${jpeg.toString('base64')}`
const SHARES = [0, 0.2, 0.4, 0.6, 0.8, 1] as const

/** What the actor does when the page asks for something. `opposite` is a face that does other movements. */
export type Behaviour = 'obeys' | 'opposite'
const opposites: Record<string, string> = {
  turn_left: 'turn_right',
  turn_right: 'turn_left',
  look_up: 'look_down',
  look_down: 'look_up',
  closer: 'turn_left',
}

/** Frames of every movement, from rest to its end, as data addresses. */
const filmOf = async (person: PersonInMotion): Promise<Record<string, string[]>> => {
  const film: Record<string, string[]> = {}
  for (const movement of moves) {
    film[movement] = []
    for (const share of SHARES) {
      const frame = await person.frame(poseOf(movement, share), 88)
      film[movement]?.push(addressOf(frame))
    }
  }
  return film
}

const films = new Map<string, Promise<Record<string, string[]>>>()

/**
 * A script for the browser that takes the place of its camera by a person who reads the page and acts, so that a test can be somebody
 * who does what is asked. It shows as well what no movement check can tell: a program that obeys, fed in place of the camera.
 *
 * @param selfie another photograph, shown until the movements begin
 */
export const actorScript = async (
  photograph: Buffer,
  behaviour: Behaviour = 'obeys',
  selfie?: Buffer,
): Promise<string> => {
  const key = createHash('sha256').update(photograph).digest('hex')
  const film = await (films.get(key) ?? films.set(key, personInMotion(photograph).then(filmOf)).get(key))
  const before = selfie ? addressOf(selfie) : null
  return `(${act.toString()})(${JSON.stringify(film)}, ${JSON.stringify(behaviour === 'opposite' ? opposites : {})}, ${JSON.stringify(before)})`
}

const FRAMES_A_SECOND = 30
/** Frames of the clip for one that is computed: the fake camera shows them at its own pace. */
const EACH = 5

/** A clip for the browser's fake camera: a recording of somebody who did these movements once, at the page's own pace. */
export const filmClip = async (name: string, photograph: Buffer, done: readonly Movement[]): Promise<string> => {
  const person = await personInMotion(photograph)
  const frames: Buffer[] = []
  const add = async (movement: Movement, share: number): Promise<void> => {
    const bytes = await sharp(await person.frame(poseOf(movement, share), 88))
      .resize({ width: 1280, height: 960, fit: 'contain', background: { r: 96, g: 92, b: 88 } })
      .modulate({ brightness: 0.97 + 0.03 * Math.sin(frames.length / 7) })
      .jpeg({ quality: 85 })
      .toBuffer()
    for (let each = 0; each < EACH; each += 1) frames.push(bytes)
  }
  const count = (seconds: number): number => Math.round((seconds * FRAMES_A_SECOND) / EACH)
  for (let n = 0; n < count(2.2); n += 1) await add('centre', 0)
  for (const movement of done)
    for (let n = 0; n < count(3.6); n += 1) {
      const seconds = (n * EACH) / FRAMES_A_SECOND
      await add(movement, Math.max(0, Math.min(1, seconds - 0.4, 3 - seconds)))
    }
  return fileWith(`${name}.mjpeg`, Buffer.concat(frames))
}

/** Runs in the page. */
const act = (film: Record<string, string[]>, instead: Record<string, string>, before: string | null): void => {
  if (!navigator.mediaDevices) return
  const [width, height] = [1280, 960]
  const load = (address: string): HTMLImageElement => Object.assign(new Image(), { src: address })
  const images = Object.fromEntries(Object.entries(film).map(([name, list]) => [name, list.map(load)]))
  const selfie = before ? load(before) : null
  let doing = 'turn_left'
  let share = 0
  let last = performance.now()
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  const paint = canvas.getContext('2d')
  const draw = (): void => {
    const now = performance.now()
    const stage = document.querySelector<HTMLElement>('[data-testid="moving"]')
    const asked = stage?.dataset.now ?? 'centre'
    const wanted = instead[asked] ?? asked
    // Back to rest first, then the next movement; about half a second each way.
    const goal = wanted === doing ? 1 : 0
    const step = (now - last) / 550
    share = goal > share ? Math.min(goal, share + step) : Math.max(goal, share - step)
    if (share === 0 && images[wanted]) doing = wanted
    last = now
    const list = images[doing] ?? []
    const image = selfie && !stage ? selfie : list[Math.round(share * (list.length - 1))]
    if (!paint || !image?.complete || image.naturalWidth === 0) return
    // Nobody sits like a stone, and no camera is without noise.
    const scale = (height / image.naturalHeight) * (1.01 + 0.01 * Math.sin(now / 700))
    const [w, h] = [image.naturalWidth * scale, image.naturalHeight * scale]
    paint.fillStyle = '#605c58'
    paint.fillRect(0, 0, width, height)
    paint.drawImage(image, (width - w) / 2 + 5 * Math.sin(now / 900), (height - h) / 2 + 4 * Math.cos(now / 1100), w, h)
    for (let dot = 0; dot < 60; dot += 1) {
      paint.fillStyle = `rgb(0 0 0 / ${Math.random() * 0.2})`
      paint.fillRect(Math.random() * width, Math.random() * height, 3, 3)
    }
  }
  let timer: ReturnType<typeof setInterval> | undefined
  navigator.mediaDevices.getUserMedia = async () => {
    clearInterval(timer)
    timer = setInterval(draw, 60)
    const all = [...Object.values(images).flat(), ...(selfie ? [selfie] : [])]
    await Promise.all(all.map((image) => image.decode()))
    draw()
    return canvas.captureStream(15)
  }
}
