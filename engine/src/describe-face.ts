import { detectFaces, embedFace } from './faces/index.ts'
import { decodePicture } from './pictures/decode.ts'

/**
 * The descriptor of a picture's largest face: 128 values, unit length. Null where there is none. It is biometric data: whoever asks for it
 * keeps it sealed, and no longer than the picture.
 *
 * @throws {EngineError} for files that are no pictures
 */
export const describeFace = async (bytes: Uint8Array): Promise<Float32Array | null> => {
  const picture = await decodePicture(bytes, 1280)
  const [face] = await detectFaces(picture)
  return face ? embedFace(picture, face) : null
}
