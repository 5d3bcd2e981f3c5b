export { embedFace, embedFaces, judgeCosine, outlineOf } from './compare.ts'
export { cosine } from './cosine.ts'
export { detectFaces, type Face, followFace, type MeshPoint } from './detect.ts'
