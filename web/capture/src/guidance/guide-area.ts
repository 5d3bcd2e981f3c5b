import type { Oval } from './hints.ts'
import type { Area } from './picture.ts'

/** Where the guide lies in a copy of the picture, which is shown whole inside its box. @param widthPx width of the copy */
export const guideArea = (video: HTMLVideoElement, guide: HTMLElement, widthPx: number): Area => {
  const box = video.getBoundingClientRect()
  const scale = Math.min(box.width / video.videoWidth, box.height / video.videoHeight)
  const left = box.left + (box.width - video.videoWidth * scale) / 2
  const top = box.top + (box.height - video.videoHeight * scale) / 2
  const toCopy = widthPx / (video.videoWidth * scale)
  const { x, y, width, height } = guide.getBoundingClientRect()
  return { x: (x - left) * toCopy, y: (y - top) * toCopy, width: width * toCopy, height: height * toCopy }
}

/** The guide as faces are measured: in shares of the picture's longer side, from its middle. */
export const guideOval = (video: HTMLVideoElement, guide: HTMLElement): Oval => {
  const { videoWidth, videoHeight } = video
  const longer = Math.max(videoWidth, videoHeight)
  const { x, y, width, height } = guideArea(video, guide, videoWidth)
  return {
    x: (x + width / 2 - videoWidth / 2) / longer,
    y: (y + height / 2 - videoHeight / 2) / longer,
    width: width / longer,
    height: height / longer,
  }
}
